import { SYNTAX_ERROR } from '../error-texts.js';
import { floatAt } from '../request-numbers.js';
import { meaningAt, type RequestWords } from '../request-words.js';

/** The options of ZADD, which decide the changed scores and the reply. */
export interface ScoreOptions {
  readonly nx: boolean;
  readonly xx: boolean;
  readonly gt: boolean;
  readonly lt: boolean;
  readonly ch: boolean;
  readonly incr: boolean;
}

export interface ZaddRequest extends ScoreOptions {
  /** The place of the first score. */
  readonly first: number;
}

const PLAIN: ZaddRequest = { nx: false, xx: false, gt: false, lt: false, ch: false, incr: false, first: 2 };
const OPTIONS = { NX: 'nx', XX: 'xx', GT: 'gt', LT: 'lt', CH: 'ch', INCR: 'incr' } as const;

/** ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member …, and ZINCRBY key increment member */
export function parseZadd(words: RequestWords): ZaddRequest | string {
  const increments = words.name === 'zincrby';
  let found = PLAIN;
  let first = 2;
  for (; first < words.count; first++) {
    const option = meaningAt(words, first, OPTIONS);
    if (option === undefined) break;
    found = { ...found, [option]: true };
  }
  const request = first === 2 && !increments ? PLAIN : { ...found, first, incr: found.incr || increments };
  return complaint(request, words.count - first) ?? request;
}

function complaint({ nx, xx, gt, lt, incr }: ZaddRequest, left: number): string | undefined {
  if (left % 2 === 1 || left === 0) return SYNTAX_ERROR;
  if (nx && xx) return 'ERR XX and NX options at the same time are not compatible';
  if ((gt && nx) || (lt && nx) || (gt && lt)) {
    return 'ERR GT, LT, and/or NX options at the same time are not compatible';
  }
  return incr && left > 2 ? 'ERR INCR option supports a single increment-element pair' : undefined;
}

/** Returns the scores of ZADD from word `first` on, or the error. A member follows each of them. */
export function parseScores(words: RequestWords, first: number): number[] | string {
  const scores: number[] = [];
  for (let index = first; index < words.count; index += 2) {
    const score = floatAt(words, index);
    if (typeof score === 'string') return score;
    scores.push(score);
  }
  return scores;
}

/** GEOADD key [NX | XX] [CH] longitude latitude member … */
export function parseGeoadd(words: RequestWords): ZaddRequest | string {
  let found = PLAIN;
  let first = 2;
  for (; first < words.count; first++) {
    if (words.is(first, 'NX')) found = { ...found, nx: true };
    else if (words.is(first, 'XX')) found = { ...found, xx: true };
    else if (words.is(first, 'CH')) found = { ...found, ch: true };
    else break;
  }
  const isWrong = (words.count - first) % 3 !== 0 || (found.nx && found.xx);
  return isWrong ? SYNTAX_ERROR : { ...found, first };
}

export const NAN_SCORE = 'ERR resulting score is not a number (NaN)';

/** Returns the score that a member gets, NaN if that is an error; undefined if the options leave the member alone. */
export function newScore(
  { nx, xx, gt, lt, incr }: ScoreOptions,
  given: number,
  old: number | undefined,
): number | undefined {
  if (old === undefined) return xx ? undefined : given;
  if (nx) return undefined;
  const score = incr ? old + given : given;
  return (gt && score <= old) || (lt && score >= old) ? undefined : score;
}

/** ZRANK key member [WITHSCORE]: returns whether the reply has the score. */
export function parseZrank(words: RequestWords): boolean | string {
  if (words.count === 3) return false;
  return words.count === 4 && words.is(3, 'WITHSCORE') ? true : SYNTAX_ERROR;
}
