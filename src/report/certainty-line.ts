/** Returns the text of how sure a result is; empty where nothing limits it. */
export function certaintyLine({
  certainty = [],
}: {
  readonly certainty?: readonly string[] | undefined;
}): string {
  return certainty.join(' ');
}
