/** Errors of commands that are valid only inside or only outside of MULTI. */

export const NESTED_MULTI = 'ERR MULTI calls can not be nested';
export const NOT_IN_MULTI = 'ERR Command not allowed inside a transaction';
export const WATCH_IN_MULTI = 'ERR WATCH inside MULTI is not allowed';
export const BROKEN_TRANSACTION = 'EXECABORT Transaction discarded because of previous errors.';

export function withoutMulti(command: string): string {
  return `ERR ${command} without MULTI`;
}
