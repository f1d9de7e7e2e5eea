import type { Random } from '#slablab/src/trace/index.js';
import type { Words } from './lengths.js';

/**
 * Commands of the whole set, right and wrong, over few keys so that they meet. Nothing in them is left to a server's
 * dice or clock.
 */
export function* commands(random: Random, count: number): Generator<Words> {
  const choices = forms(random);
  for (let left = count; left > 0; left--) yield (choices[random.below(choices.length)] as () => Words)();
}

function forms(random: Random): readonly (() => Words)[] {
  const number = (below: number) => `${random.below(below)}`;
  const pick = <Item>(...items: readonly Item[]) => items[random.below(items.length)] as Item;
  const key = (type: string) =>
    random.below(40) === 0 ? pick('t0', 'h0', 'l0', 'z0', 'k0', 'none') : `${type}${random.below(3)}`;
  const any = () => key(pick('k', 'n', 'l', 's', 'z', 'h', 'g', 'x'));
  const member = () => pick(`m${random.below(40)}`, number(60), `long${'y'.repeat(random.below(80))}`);
  const score = () => pick(number(50), `${random.below(1000) / 8}`, `-${number(9)}.5`);
  const place = () => [`${random.below(3600) / 10 - 180}`, `${random.below(1600) / 10 - 80}`];
  const unit = () => pick('m', 'km', 'mi', 'ft', 'parsec');
  const some = <Item>(share: number, ...items: readonly Item[]) => (random.below(100) < share ? items : []);
  const shape = () => pick(['BYRADIUS', number(9000), unit()], ['BYBOX', number(9000), number(9000), unit()]);
  const centre = () => pick(['FROMLONLAT', ...place()], ['FROMMEMBER', member()]);
  // Which come first with ANY depends on the order in which cells are searched.
  const count = () => some(40, 'COUNT', number(5));
  const sortOptions = () => [
    ...pick(['ALPHA'], ['BY', pick('n*', 'h*->f1')], []),
    ...some(40, 'LIMIT', number(4), pick('-1', number(9))),
    ...some(30, 'GET', pick('#', 'n*', 'h*->f2', 'k*')),
    ...some(20, 'GET', pick('#', 'none')),
    ...some(30, 'DESC'),
  ];
  return [
    () => ['SET', key('k'), 'v'.repeat(random.below(70))],
    () => ['SET', `n${number(60)}`, pick(number(99), `${random.below(99) / 4}`)],
    () => ['RPUSH', key('l'), member(), number(60)],
    () => ['SADD', key('s'), member(), member()],
    () => ['SADD', key('t'), number(60), number(60)],
    () => ['ZADD', key('z'), ...some(20, pick('NX', 'XX', 'GT', 'CH')), score(), member()],
    () => ['ZADD', key('z'), 'x', member()],
    () => ['HSET', `h${number(60)}`, pick('f2', member()), pick(number(500), member())],
    () => ['HSET', `h${number(60)}`, 'f1', number(500)],
    () => ['SORT', key(pick('l', 's', 't', 'z')), ...sortOptions()],
    () => ['SORT_RO', key(pick('l', 's', 't', 'z')), ...sortOptions()],
    () => ['SORT', key(pick('l', 's', 't', 'z')), ...sortOptions(), 'STORE', pick('l0', 'l1', 'o')],
    () => ['SORT', key('l'), pick('BY', 'LIMIT', 'UP')],
    () => ['LRANGE', pick('o', key('l')), '0', '-1'],
    () => ['LTRIM', key('l'), '0', number(50)],
    () => ['GEOADD', key('g'), ...some(20, pick('NX', 'XX', 'CH')), ...place(), member()],
    () => ['GEOADD', key('g'), ...place(), member(), ...place(), member()],
    () => ['GEOADD', key('g'), pick('181', 'x'), '0', member()],
    () => ['GEOPOS', key('g'), member(), member()],
    () => ['GEOHASH', key('g'), member()],
    () => ['GEODIST', key('g'), member(), member(), ...some(50, unit())],
    () => [
      'GEOSEARCH',
      key('g'),
      ...centre(),
      ...shape(),
      ...count(),
      ...some(30, pick('ASC', 'DESC')),
      ...some(40, 'WITHDIST'),
      ...some(40, 'WITHCOORD'),
      ...some(40, 'WITHHASH'),
    ],
    () => [
      'GEOSEARCHSTORE',
      'p',
      key('g'),
      ...centre(),
      ...shape(),
      ...some(40, 'COUNT', number(5)),
      ...some(40, 'STOREDIST'),
    ],
    () => [
      'GEORADIUS',
      key('g'),
      ...place(),
      number(9000),
      unit(),
      ...count(),
      ...some(30, pick('STORE', 'STOREDIST'), 'p'),
      ...some(20, 'WITHDIST'),
    ],
    () => ['GEORADIUSBYMEMBER', key('g'), member(), number(9000), unit(), ...some(30, 'WITHDIST')],
    () => ['ZRANGE', key('z'), '0', '-1', ...some(50, 'WITHSCORES')],
    () => ['ZRANGE', 'p', '0', '-1'],
    () => ['SORT', `l${number(3)}`, 'BY', 'nosort', ...some(50, 'LIMIT', number(4), number(9))],
    () => ['DEL', any()],
    () => ['TYPE', any()],
    () => ['OBJECT', 'ENCODING', any()],
  ];
}
