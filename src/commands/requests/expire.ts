import type { RequestWords } from '../request-words.js';

/** The conditions under which EXPIRE and its kin change a key. */
export interface ExpireRequest {
  readonly nx: boolean;
  readonly xx: boolean;
  readonly gt: boolean;
  readonly lt: boolean;
}

const UNCONDITIONAL: ExpireRequest = { nx: false, xx: false, gt: false, lt: false };

/** EXPIRE key time [NX | XX | GT | LT]. The options end before the word `end`. */
export function parseExpire(words: RequestWords, end = words.count): ExpireRequest | string {
  if (end === 3) return UNCONDITIONAL;
  const found = { ...UNCONDITIONAL };
  for (let index = 3; index < end; index++) {
    if (words.is(index, 'NX')) found.nx = true;
    else if (words.is(index, 'XX')) found.xx = true;
    else if (words.is(index, 'GT')) found.gt = true;
    else if (words.is(index, 'LT')) found.lt = true;
    else return `ERR Unsupported option ${words.text(index)}`;
  }
  const { nx, xx, gt, lt } = found;
  if (nx && (xx || gt || lt)) return 'ERR NX and XX, GT or LT options at the same time are not compatible';
  return gt && lt ? 'ERR GT and LT options at the same time are not compatible' : found;
}

/** Whether a key's expiry may change. `before` is 0 if the key does not expire. */
export function mayExpire({ nx, xx, gt, lt }: ExpireRequest, before: number, after: number): boolean {
  if (nx && before !== 0) return false;
  if (xx && before === 0) return false;
  if (gt && (before === 0 || after <= before)) return false;
  return !(lt && before !== 0 && after >= before);
}
