/** Random commands on hashes with fields that expire. No field expires while they are sent. */
import type { Random } from '#slablab/src/base/index.js';
import type { Words } from '../replies/lengths.js';

/** In 2100, in seconds and in milliseconds. */
const LATE = 4_102_444_800;

export function* fieldCommands(random: Random, count: number): Generator<Words> {
  const among = <T>(choices: readonly T[]): T => choices[random.below(choices.length)] as T;
  const chance = (of: number) => random.below(of) === 0;
  const key = () => (chance(30) ? 'string' : chance(25) ? 'fields' : `h${random.below(4)}`);
  const field = () => (chance(40) ? 'FIELDS' : chance(30) ? 'long'.padEnd(70, 'x') : `f${random.below(7)}`);
  const value = () => (chance(20) ? 'v'.repeat(80) : among(['v', '12', 'value', '']));
  const seconds = () =>
    among(['100000', '200000', '300000', '0', '-1', 'x', '9223372036854775807', '70368744177664']);
  const anySeconds = () => (chance(3) ? seconds() : among(['100000', '200000', '300000']));
  const late = () => (chance(5) ? seconds() : `${LATE + random.below(3)}`);
  const lateMs = () => (chance(5) ? seconds() : `${(LATE + random.below(3)) * 1000 + random.below(1000)}`);
  const word = () => (chance(12) ? among(['fields', 'Field', 'xx', '']) : 'FIELDS');
  const list = (size: number, item: () => string[]) => Array.from({ length: size }, item).flat();
  const fields = (item: () => string[] = () => [field()]): string[] => {
    const size = 1 + random.below(3);
    const said = chance(12) ? among(['0', '-1', 'x', `${size + 1}`, '1', '9223372036854775807']) : `${size}`;
    return [word(), said, ...list(size, item)];
  };
  const pairs = () => fields(() => [field(), value()]);
  const conditions = () =>
    chance(2) ? [] : list(1 + (chance(8) ? 1 : 0), () => [among(['NX', 'XX', 'GT', 'LT', 'gt', 'ZZ'])]);
  const expiry = () =>
    among([
      () => ['EX', anySeconds()],
      () => ['PX', `${anySeconds()}000`],
      () => ['EXAT', late()],
      () => ['PXAT', lateMs()],
    ])();
  const setOptions = () =>
    list(random.below(3), () =>
      among([
        expiry,
        expiry,
        () => ['KEEPTTL'],
        () => [among(['FNX', 'FXX', 'NX', 'XX', 'PERSIST', 'GET', 'EX'])],
      ])(),
    );
  const getOptions = () =>
    list(random.below(2) + (chance(12) ? 1 : 0), () =>
      among([expiry, expiry, () => ['PERSIST'], () => [among(['KEEPTTL', 'EX', 'FNX'])]])(),
    );
  /** Options before the fields, and sometimes after them. */
  const ordered = (options: string[], rest: string[]) =>
    chance(10) ? [...rest, ...options] : [...options, ...rest];
  const forms: readonly (() => string[])[] = [
    () => ['HSET', key(), ...list(1 + random.below(3), () => [field(), value()])],
    () => ['HEXPIRE', key(), anySeconds(), ...ordered(conditions(), fields())],
    () => ['HPEXPIRE', key(), `${anySeconds()}000`, ...ordered(conditions(), fields())],
    () => ['HEXPIREAT', key(), late(), ...ordered(conditions(), fields())],
    () => ['HPEXPIREAT', key(), lateMs(), ...ordered(conditions(), fields())],
    () => [among(['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME']), key(), ...fields()],
    () => [among(['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME']), key(), ...fields()],
    () => ['HPERSIST', key(), ...fields()],
    () => ['HSETEX', key(), ...ordered(setOptions(), pairs())],
    () => ['HSETEX', key(), ...ordered(setOptions(), pairs())],
    () => ['HGETEX', key(), ...ordered(getOptions(), fields())],
    () => ['HGETDEL', key(), ...fields()],
    () => [among(['HDEL', 'HGET', 'HSTRLEN', 'HEXISTS']), key(), field()],
    () => ['HINCRBY', key(), field(), '3'],
    () => ['HINCRBYFLOAT', key(), field(), '0.5'],
    () => ['HSETNX', key(), field(), value()],
    () =>
      [among(['HLEN', 'HGETALL', 'OBJECT ENCODING', 'TYPE', 'EXISTS']), key()].flatMap((part) =>
        part.split(' '),
      ),
    () => ['HMGET', key(), field(), field()],
    () => ['COPY', key(), key(), ...(chance(2) ? ['REPLACE'] : [])],
    () => ['RENAME', key(), key()],
    () => (chance(8) ? ['DEL', key()] : ['SET', 'string', 'v']),
  ];
  for (let index = 0; index < count; index++) yield among(forms)();
}
