import { SYNTAX_ERROR, wrongArity } from '../error-texts.js';
import { integerAt, millisecondsAt } from '../request-numbers.js';
import { meaningAt, type RequestWords } from '../request-words.js';

/** PING [message]: returns the place of the message, 0 if there is none. */
export function parsePing(words: RequestWords): number | string {
  return words.count > 2 ? wrongArity(words.name) : words.count - 1;
}

/** WAIT replicas milliseconds: returns the milliseconds. */
export function parseWait(words: RequestWords): number | string {
  const replicas = integerAt(words, 1);
  return typeof replicas === 'string' ? replicas : millisecondsAt(words, 2);
}

const SWITCH = { ON: true, OFF: false };

/** CLIENT NO-EVICT, NO-TOUCH ON | OFF */
export function parseSwitch(words: RequestWords): boolean | string {
  return meaningAt(words, 2, SWITCH) ?? SYNTAX_ERROR;
}
