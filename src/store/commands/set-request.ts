import type { CommandContext } from '../command-context.js';
import type { Key } from '../data.js';
import { syntaxError } from '../reply-error.js';

type ExpiryUnit = 'EX' | 'PX' | 'EXAT' | 'PXAT';

/** What SET and GETEX are told beside key and value. */
export interface SetOptions {
  nx?: boolean;
  xx?: boolean;
  get?: boolean;
  keepsExpiry?: boolean;
  persists?: boolean;
  expiryUnit?: ExpiryUnit;
  /** Argument with the expiry. */
  expiryIndex?: number;
}

const UNITS: readonly ExpiryUnit[] = ['EX', 'PX', 'EXAT', 'PXAT'];

/** The options from argument `first` on: SET's from 3, GETEX's from 2. */
export function parseSetOptions(ask: CommandContext, first: number): SetOptions {
  const isGetex = first === 2;
  const found: SetOptions = {};
  for (let index = first; index < ask.count; index++) {
    const mayExpire = found.expiryUnit === undefined && found.keepsExpiry !== true && found.persists !== true;
    const unit = UNITS.find((word) => ask.is(index, word));
    if (!isGetex && ask.is(index, 'NX') && found.xx !== true) found.nx = true;
    else if (!isGetex && ask.is(index, 'XX') && found.nx !== true) found.xx = true;
    else if (!isGetex && ask.is(index, 'GET')) found.get = true;
    else if (!isGetex && ask.is(index, 'KEEPTTL') && mayExpire) found.keepsExpiry = true;
    else if (isGetex && ask.is(index, 'PERSIST') && mayExpire) found.persists = true;
    else if (unit !== undefined && mayExpire && ask.has(index + 1)) {
      found.expiryUnit = unit;
      found.expiryIndex = ++index;
    } else {
      throw syntaxError();
    }
  }
  return found;
}

const MAX_INT64 = (1n << 63n) - 1n;

/** When the key is to expire; undefined if nothing is said of it. */
export function expiryOf(ask: CommandContext, { expiryUnit, expiryIndex }: SetOptions): number | undefined {
  if (expiryUnit === undefined || expiryIndex === undefined) return undefined;
  const value = ask.int64(expiryIndex);
  const milliseconds = expiryUnit.startsWith('EX') ? value * 1000n : value;
  const when = expiryUnit.endsWith('AT') ? milliseconds : milliseconds + BigInt(Math.floor(ask.nowMs));
  if (value <= 0n || milliseconds > MAX_INT64 || when > MAX_INT64) {
    ask.refuse(`ERR invalid expire time in '${ask.spec.name}' command`);
  }
  return Number(when);
}

/** GETEX: what becomes of the key whose value was read. */
export function afterGet(ask: CommandContext, key: Key, options: SetOptions): void {
  const expiryMs = expiryOf(ask, options);
  if (expiryMs !== undefined && expiryMs <= ask.nowMs) ask.remove(1);
  else if (expiryMs !== undefined || (options.persists === true && key.expiryMs !== 0)) {
    ask.data.setExpiry(ask.text(1), key, expiryMs ?? 0);
    ask.touch(1);
  }
}
