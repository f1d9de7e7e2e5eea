/** Errors that more than one command replies with. */

export const SYNTAX_ERROR = 'ERR syntax error';
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
export const NOT_A_FLOAT = 'ERR value is not a valid float';
export const NOT_POSITIVE = 'ERR value is out of range, must be positive';
export const OUT_OF_RANGE = 'ERR value is out of range';
export const NOT_FINITE = 'ERR value is NaN or Infinity';
export const TOO_LONG = 'ERR string exceeds maximum allowed size (proto-max-bulk-len)';
export const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
export const NO_HYPERLOGLOG = 'WRONGTYPE Key is not a valid HyperLogLog string value.';
export const CORRUPT_HYPERLOGLOG = 'INVALIDOBJ Corrupted HLL object detected';
export const NO_SUCH_KEY = 'ERR no such key';
export const SAME_OBJECT = 'ERR source and destination objects are the same';
export const INDEX_OUT_OF_RANGE = 'ERR index out of range';
export const OVERFLOW = 'ERR increment or decrement would overflow';
export const SUM_NOT_FINITE = 'ERR increment would produce NaN or Infinity';

export function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name}' command`;
}

/** The most bytes of an unknown word that a server repeats. */
export const MAX_ECHO = 128;

/** Returns a word as a server's errors repeat it, which end it at a zero byte. */
export function echoed(word: string, most = Infinity): string {
  const end = word.indexOf('\0');
  return word.slice(0, Math.min(most, end < 0 ? word.length : end));
}

export function unknownSubcommand(container: string, given: string): string {
  return `ERR unknown subcommand '${echoed(given, MAX_ECHO)}'. Try ${container.toUpperCase()} HELP.`;
}

export const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

/** Returns the error of an EXEC that cannot be carried out. */
export function discardedBecause(problem: string): string {
  return `EXECABORT Transaction discarded because of: ${problem.replace(/^ERR /, '')}`;
}
