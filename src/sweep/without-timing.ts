/** Returns the JSON text of all that has to be the same whoever runs a cell, which is all but `timing`. */
function textWithoutTiming(value: object): string {
  return JSON.stringify(value, (key: string, inner: unknown) => (key === 'timing' ? undefined : inner));
}

/** Whether two results are the same but for their timing. */
export function sameButTiming(a: object, b: object): boolean {
  return textWithoutTiming(a) === textWithoutTiming(b);
}
