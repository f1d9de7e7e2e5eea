/** All of a result that has to be the same from run to run. */
export function withoutTiming(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTiming);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'timing')
      .map(([key, inner]) => [key, withoutTiming(inner)]),
  );
}
