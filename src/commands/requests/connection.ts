import { SYNTAX_ERROR, wrongArity } from '../error-texts.js';
import { integerAt, millisecondsAt, positiveAt } from '../request-numbers.js';
import { meaningAt, type RequestWords } from '../request-words.js';

/** PING [message]: returns the place of the message, 0 if there is none. */
export function parsePing(words: RequestWords): number | string {
  return words.count > 2 ? wrongArity(words.name) : words.count - 1;
}

export interface WaitRequest {
  readonly replicas: number;
  /** The timeout, 0 for none. */
  readonly milliseconds: number;
}

/** WAIT numreplicas timeout */
export function parseWait(words: RequestWords): WaitRequest | string {
  const replicas = integerAt(words, 1);
  return typeof replicas === 'string' ? replicas : waitRequest(replicas, millisecondsAt(words, 2));
}

/** WAITAOF numlocal numreplicas timeout, at a server without a file of commands */
export function parseWaitaof(words: RequestWords): WaitRequest | string {
  const local = integerAt(words, 1);
  if (typeof local === 'string') return local;
  if (local < 0 || local > 1) return 'ERR value is out of range, value must between 0 and 1';
  const replicas = positiveAt(words, 2);
  const request = typeof replicas === 'string' ? replicas : waitRequest(replicas, millisecondsAt(words, 3));
  return typeof request === 'string' || local === 0 ? request : WITHOUT_FILE;
}

function waitRequest(replicas: number, milliseconds: number | string): WaitRequest | string {
  return typeof milliseconds === 'string' ? milliseconds : { replicas, milliseconds };
}

const WITHOUT_FILE = 'ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.';

const SWITCH = { ON: true, OFF: false };

/** CLIENT NO-EVICT, NO-TOUCH ON | OFF */
export function parseSwitch(words: RequestWords): boolean | string {
  return meaningAt(words, 2, SWITCH) ?? SYNTAX_ERROR;
}
