import { type InputError, latin1, refusal, shownBytes } from '../../base/index.js';
import type { RdbStart } from './events.js';
import { HEADER_BYTES, NEWEST_REDIS_VERSION, VALKEY_VERSION } from './rdb-format.js';

/** Whether a file that starts with these bytes is an RDB file, or an AOF that starts as one. */
export function isRdbMagic(bytes: Uint8Array): boolean {
  return /^(REDIS|VALKEY)/.test(latin1(bytes.subarray(0, 6)));
}

/** Parses the header, for example "REDIS0011" or "VALKEY080": the product, and the version of the format. */
export function parseHeader(bytes: Uint8Array, name: string, position: number): RdbStart {
  const text = latin1(bytes.subarray(0, HEADER_BYTES));
  const [, magic, digits] = /^(REDIS(?=\d{4})|VALKEY(?=\d{3}))(\d+)$/.exec(text) ?? [];
  if (magic === undefined || digits === undefined) {
    const found = `not the header of an RDB file: ${shownBytes(bytes.subarray(0, HEADER_BYTES))}`;
    throw refusal(name, position, found, 'one starts with REDIS and four digits, or VALKEY and three');
  }
  const version = Number(digits);
  const flavour = magic === 'REDIS' ? 'redis' : 'valkey';
  const isKnown =
    flavour === 'redis' ? version >= 1 && version <= NEWEST_REDIS_VERSION : version === VALKEY_VERSION;
  if (!isKnown) throw unknownVersion(name, position, text);
  return { kind: 'rdb-start', version, flavour };
}

function unknownVersion(name: string, position: number, text: string): InputError {
  return refusal(
    name,
    position,
    `RDB version ${text}`,
    `known are REDIS0001 to REDIS${String(NEWEST_REDIS_VERSION).padStart(4, '0')} and VALKEY0${VALKEY_VERSION}: ` +
      'update slablab, or replay the commands that made the data instead',
  );
}
