/** Returns the JSON text of the deterministic part of a result, which is all but `timing`. */
export function textWithoutTiming(value: object): string {
  return JSON.stringify(value, (key: string, inner: unknown) => (key === 'timing' ? undefined : inner));
}

/** Whether two results are the same but for their timing. */
export function sameButTiming(a: object, b: object): boolean {
  return textWithoutTiming(a) === textWithoutTiming(b);
}
