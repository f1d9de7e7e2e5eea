/** Returns the JSON text of the deterministic part of a result, which is all but `timing`. */
export function textWithoutTiming(value: object): string {
  return JSON.stringify(value, (key: string, inner: unknown) => (key === 'timing' ? undefined : inner));
}
