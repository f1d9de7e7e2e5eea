import { closestMatch } from 'leven';

/**
 * Something the user gave (an option, a parameter, a file) cannot be used. The message names the culprit, the
 * value and the remedy; the command line prints it as it is and exits with 2.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** "`scatered` is not a workload; did you mean `scattered-delete`? Known: …" */
export function unknownName(what: string, value: string, known: readonly string[]): InputError {
  const near = nearestName(value, known);
  const hint = near === undefined ? '' : ` did you mean \`${near}\`?`;
  return new InputError(`\`${value}\` is not ${what};${hint} known: ${known.join(', ') || '(none)'}`);
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
