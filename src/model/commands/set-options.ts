import { NOT_AN_INTEGER } from '../../commands/index.js';
import type { Call } from '../server/index.js';
/** What SET and GETEX are told beside key and value. */
export interface SetOptions {
  readonly onlyNew: boolean;
  readonly onlyExisting: boolean;
  readonly get: boolean;
  readonly getIndex: number;
  readonly keepsExpiry: boolean;
  readonly persists: boolean;
  /** Argument with the expiry; 0: none. */
  readonly expiryIndex: number;
  readonly inSeconds: boolean;
  readonly isAbsolute: boolean;
  /** PXAT: the form in which a SET is propagated, so that most versions need not rewrite it. */
  readonly isExactMs: boolean;
}

const NONE: SetOptions = {
  onlyNew: false,
  onlyExisting: false,
  get: false,
  getIndex: -1,
  keepsExpiry: false,
  persists: false,
  expiryIndex: 0,
  inSeconds: false,
  isAbsolute: false,
  isExactMs: false,
};

/** The options from argument `first` on; undefined, and the error replied, if they make no sense. */
export function parseSetOptions(call: Call, first: number): SetOptions | undefined {
  if (call.argc === first) return NONE;
  const isGetex = first === 2;
  const found = { ...NONE };
  for (let index = first; index < call.argc; index++) {
    const hasNext = index + 1 < call.argc;
    const mayExpire = found.expiryIndex === 0 && !found.keepsExpiry && !found.persists;
    if (!isGetex && call.is(index, 'NX') && !found.onlyExisting) found.onlyNew = true;
    else if (!isGetex && call.is(index, 'XX') && !found.onlyNew) found.onlyExisting = true;
    else if (!isGetex && call.is(index, 'GET')) {
      found.get = true;
      found.getIndex = index;
    } else if (!isGetex && call.is(index, 'KEEPTTL') && mayExpire) found.keepsExpiry = true;
    else if (isGetex && call.is(index, 'PERSIST') && mayExpire) found.persists = true;
    else if (mayExpire && hasNext && isExpiryWord(call, index)) {
      found.inSeconds = call.is(index, 'EX') || call.is(index, 'EXAT');
      found.isExactMs = call.is(index, 'PXAT');
      found.isAbsolute = found.isExactMs || call.is(index, 'EXAT');
      found.expiryIndex = ++index;
    } else {
      call.reply.syntaxError();
      return undefined;
    }
  }
  return found;
}

function isExpiryWord(call: Call, index: number): boolean {
  return ['EX', 'PX', 'EXAT', 'PXAT'].some((word) => call.is(index, word));
}

/** When argument `index` says that the key expires, in virtual time; undefined, and the error replied, if never. */
export function parseExpiry(call: Call, index: number, options: SetOptions): number | undefined {
  const value = call.integer(index);
  if (value === undefined) {
    call.reply.error(NOT_AN_INTEGER);
    return undefined;
  }
  const milliseconds = options.inSeconds ? value * 1000 : value;
  if (value <= 0 || milliseconds > MAX_EXPIRY) {
    call.reply.error(`ERR invalid expire time in '${call.spec.name}' command`);
    return undefined;
  }
  return options.isAbsolute ? milliseconds - call.epochMs(0) : call.nowMs + milliseconds;
}

/** Beyond this a sum of times is no longer exact; a server's limit is 2^63, which no real expiry comes near. */
const MAX_EXPIRY = Number.MAX_SAFE_INTEGER;
