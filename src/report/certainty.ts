/** Returns the text of how sure a result is; empty where nothing limits it. */
export function certaintyOf({
  certainty = [],
}: {
  readonly certainty?: readonly string[] | undefined;
}): string {
  return certainty.join(' ');
}
