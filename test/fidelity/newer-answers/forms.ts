/** Random commands that today's servers have and older ones lack. No key expires while they are sent. */
import type { Random } from '#slablab/src/base/index.js';
import type { Words } from '../replies/lengths.js';

const LATE = '4102444800000';

export function* newerCommands(random: Random, count: number): Generator<Words> {
  const among = <T>(choices: readonly T[]): T => choices[random.below(choices.length)] as T;
  const chance = (of: number) => random.below(of) === 0;
  const some = <T>(most: number, item: () => readonly T[]): T[] =>
    Array.from({ length: random.below(most + 1) }, item).flat();
  const key = () => (chance(15) ? 'list' : `k${random.below(4)}`);
  const value = () => among(['a', 'b', '', '12345', '0', '-7', 'value', 'v'.repeat(60), 'w'.repeat(300)]);
  const digest = () =>
    among(['e6c632b61e964e1f', 'E6C632B61E964E1F', '2d06800538d394c2', 'f34099ede96b5581', 'zz', '']);
  const condition = () =>
    among([
      () => ['IFEQ', value()],
      () => ['IFEQ', value()],
      () => ['ifne', value()],
      () => ['IFDEQ', digest()],
      () => ['IFDNE', digest()],
      () => [among(['IFEQ', 'IFXX', 'NX', 'XX'])],
    ])();
  const time = () =>
    among([
      () => ['EX', among(['100000', '0', 'x', '-1'])],
      () => ['PX', '100000000'],
      () => ['PXAT', LATE],
      () => ['EXAT', '4102444800'],
      () => ['KEEPTTL'],
    ])();
  const pairs = (size: number) => Array.from({ length: size }, () => [key(), value()]).flat();
  const msetex = () => {
    const size = 1 + random.below(3);
    const said = chance(8) ? among(['0', '-1', 'x', `${size + 1}`, '2147483648']) : `${size}`;
    return ['MSETEX', said, ...pairs(size), ...some(2, () => (chance(2) ? [among(['NX', 'XX'])] : time()))];
  };
  const stream = () => (chance(20) ? 'list' : chance(20) ? 'none' : `s${random.below(2)}`);
  const id = () => (chance(25) ? 'bad' : `${1 + random.below(3)}-${random.below(6)}`);
  const ids = () => {
    const size = 1 + random.below(4);
    const said = chance(10) ? among(['0', '-1', 'x', `${size + 1}`]) : `${size}`;
    return ['IDS', said, ...Array.from({ length: size }, id)];
  };
  const references = () => some(1 + (chance(9) ? 1 : 0), () => [among(['KEEPREF', 'DELREF', 'acked'])]);
  const bound = () =>
    among([
      () => ['MAXLEN', `${random.below(5)}`],
      () => ['MAXLEN', '~', `${random.below(5)}`],
      () => ['MINID', '=', id()],
    ])();
  /** A stream whose ids are the server's own. */
  const timed = () => (chance(20) ? stream() : `i${random.below(2)}`);
  const group = () => (chance(20) ? 'none' : among(['g', 'h']));
  let last = 1;
  const nextId = () => {
    last++;
    return `${Math.ceil(last / 6)}-${last % 6}`;
  };
  const producer = () => (chance(20) ? '' : among(['p', 'q']));
  const request = () => (chance(20) ? '' : `i${random.below(5)}`);
  const forms: readonly (() => string[])[] = [
    () => [
      'SET',
      key(),
      value(),
      ...some(2, condition),
      ...(chance(3) ? time() : []),
      ...some(1, () => ['GET']),
    ],
    () => ['SET', key(), value(), ...condition()],
    () => ['SET', key(), value()],
    () => ['DELEX', key(), ...some(1, condition)],
    () => ['DELEX', key(), ...some(1, condition), ...(chance(8) ? ['x'] : [])],
    () => ['DELIFEQ', key(), value()],
    () => ['DIGEST', key()],
    msetex,
    msetex,
    () => ['GET', key()],
    () => ['STRLEN', key()],
    () => (chance(5) ? ['DEL', key()] : ['RPUSH', 'list', 'a']),
    () => ['XADD', stream(), ...references(), ...(chance(3) ? bound() : []), nextId(), 'f', value()],
    () => ['XADD', stream(), nextId(), 'f', value()],
    () => ['XGROUP', 'CREATE', stream(), group(), among(['0', '$', '1-3'])],
    () => ['XREADGROUP', 'GROUP', group(), among(['c', 'd']), 'COUNT', '3', 'STREAMS', stream(), '>'],
    () => ['XACKDEL', stream(), group(), ...references(), ...ids()],
    () => ['XACKDEL', stream(), group(), ...ids()],
    () => ['XDELEX', stream(), ...references(), ...ids()],
    () => ['XTRIM', stream(), ...references(), ...bound(), ...references()],
    () => ['XRANGE', stream(), '-', '+'],
    () => ['XLEN', stream()],
    () => ['XPENDING', stream(), group()],
    () => ['XIDMPRECORD', stream(), producer(), request(), id()],
    () => ['XCFGSET', stream(), ...some(3, () => [among(['IDMP-DURATION', 'IDMP-MAXSIZE', 'X'])]), '3'],
    () => [
      'XCFGSET',
      timed(),
      among(['IDMP-DURATION', 'idmp-maxsize']),
      among(['2', '3', '0', '100000', 'x']),
    ],
    () => ['XADD', timed(), 'IDMP', producer(), request(), among(['*', '*', '1-1']), 'f', value()],
    () => [
      'XADD',
      timed(),
      'IDMP',
      'p',
      request(),
      ...references(),
      ...(chance(3) ? bound() : []),
      '*',
      'f',
      'v',
    ],
  ];
  for (let index = 0; index < count; index++) yield among(forms)();
}
