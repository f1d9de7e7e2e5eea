const LONGEST_NAME = 38;

/** A name of the user's, which may be longer than a table bears. */
export function shortened(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}…`;
}
