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
  // Beyond half the letters a "nearest" name is a guess that only distracts from the list.
  const maxDistance = Math.max(2, Math.ceil(value.length / 2));
  const lower = value.toLowerCase();
  const near =
    known.find((name) => lower !== '' && name.startsWith(lower)) ??
    closestMatch(lower, known, { maxDistance });
  const hint = near === undefined ? '' : ` did you mean \`${near}\`?`;
  return new InputError(`\`${value}\` is not ${what};${hint} known: ${known.join(', ') || '(none)'}`);
}
