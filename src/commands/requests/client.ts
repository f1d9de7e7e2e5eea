import { SYNTAX_ERROR } from '../error-texts.js';
import { integerAt } from '../request-numbers.js';
import { meaningAt, type RequestWords } from '../request-words.js';

export interface ClientLabelRequest {
  readonly label: 'name' | 'library' | 'version';
  /** The place of the text. */
  readonly index: number;
}

const NAME: ClientLabelRequest = { label: 'name', index: 2 };

/** CLIENT SETNAME name */
export function parseSetname(words: RequestWords): ClientLabelRequest | string {
  return isPrintable(words.text(2)) ? NAME : notPrintable('Client names');
}

const LABELS = { 'LIB-NAME': 'library', 'LIB-VER': 'version' } as const;

/** CLIENT SETINFO LIB-NAME | LIB-VER text */
export function parseSetinfo(words: RequestWords): ClientLabelRequest | string {
  const label = meaningAt(words, 2, LABELS);
  if (label === undefined) return `ERR Unrecognized option '${words.text(2)}'`;
  return isPrintable(words.text(3)) ? { label, index: 3 } : notPrintable(words.text(2).toLowerCase());
}

export function isPrintable(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

export function notPrintable(what: string): string {
  return `ERR ${what} cannot contain spaces, newlines or special characters.`;
}

export interface ClientListRequest {
  /** The type of the clients; undefined for all types. */
  readonly type: string | undefined;
  /** The ids of the clients; undefined for all clients. */
  readonly ids: ReadonlySet<number> | undefined;
}

/** CLIENT UNBLOCK id [TIMEOUT | ERROR] */
export function parseUnblock(
  words: RequestWords,
): { readonly id: number; readonly withError: boolean } | string {
  const withError = words.count > 3 ? meaningAt(words, 3, UNBLOCKINGS) : false;
  if (withError === undefined) return 'ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR';
  const id = integerAt(words, 2);
  return typeof id === 'string' ? id : { id, withError };
}

const UNBLOCKINGS = { TIMEOUT: false, ERROR: true };

const TYPES = ['normal', 'pubsub', 'replica', 'slave', 'master'];

/** CLIENT LIST [TYPE type | ID id …] */
export function parseClientList(words: RequestWords): ClientListRequest | string {
  if (words.count === 2) return { type: undefined, ids: undefined };
  if (words.count === 4 && words.is(2, 'TYPE')) {
    const type = words.text(3).toLowerCase();
    return TYPES.includes(type) ? { type, ids: undefined } : `ERR Unknown client type '${words.text(3)}'`;
  }
  if (words.count < 4 || !words.is(2, 'ID')) return SYNTAX_ERROR;
  const ids = new Set<number>();
  for (let index = 3; index < words.count; index++) {
    const id = integerAt(words, index, 'ERR Invalid client ID');
    if (typeof id === 'string') return id;
    ids.add(id);
  }
  return { type: undefined, ids };
}
