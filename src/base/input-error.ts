import { closestMatch } from 'leven';

/**
 * Something the user gave (an option, a parameter, a file) cannot be used. The message names the culprit, the
 * value and the remedy; the command line prints it as it is and exits with 2.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** More names than these bury the one that was meant. */
const MOST_SHOWN = 24;

/** "`scatered` is not a workload; did you mean `scattered-delete`? known: …" */
export function unknownName(what: string, value: string, known: readonly string[]): InputError {
  const near = nearestName(value, known);
  return new InputError(`\`${value}\` is not ${what}; ${hintOf(near, known)}`);
}

/** The name that was meant, and the others: of many, only where none is near. */
export function hintOf(near: string | undefined, known: readonly string[]): string {
  if (near === undefined) return `known: ${known.join(', ') || '(none)'}`;
  const others = known.length > MOST_SHOWN ? '' : ` known: ${known.join(', ')}`;
  return `did you mean \`${near}\`?${others}`;
}

/** The known name that `value` was probably meant to be, if any. */
export function nearestName(value: string, known: readonly string[]): string | undefined {
  // Beyond half the letters a "nearest" name is a guess that only distracts.
  const maxDistance = Math.max(2, Math.ceil(value.length / 2));
  const lower = value.toLowerCase();
  return (
    known.find((name) => lower !== '' && name.startsWith(lower)) ??
    closestMatch(lower, known, { maxDistance })
  );
}
