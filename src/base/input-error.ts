import { closestMatch } from 'leven';

/**
 * An error about input that cannot be used: an option, a parameter, a file. The message names the culprit, the value
 * and the remedy. The command line prints it as it is and exits with 2.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The largest number of known names that a message lists beside the nearest one. More would bury the intended name. */
const MOST_SHOWN = 24;

/** "`scatered` is not a workload; did you mean `scattered-delete`? known: …" */
export function unknownName(what: string, value: string, known: readonly string[]): InputError {
  const near = nearestName(value, known);
  return new InputError(`\`${value}\` is not ${what}; ${hintOf(near, known)}`);
}

/**
 * Returns a hint with the nearest name, and all names unless they are many. Without a near name it always lists all.
 */
export function hintOf(near: string | undefined, known: readonly string[]): string {
  if (near === undefined) return `known: ${known.join(', ') || '(none)'}`;
  const others = known.length > MOST_SHOWN ? '' : ` known: ${known.join(', ')}`;
  return `did you mean \`${near}\`?${others}`;
}

/** Returns the known name that `value` probably means, if any. */
export function nearestName(value: string, known: readonly string[]): string | undefined {
  // A "nearest" name that differs in more than half the letters is a guess that only distracts.
  const maxDistance = Math.max(2, Math.ceil(value.length / 2));
  const lower = value.toLowerCase();
  return (
    known.find((name) => lower !== '' && name.startsWith(lower)) ??
    closestMatch(lower, known, { maxDistance })
  );
}
