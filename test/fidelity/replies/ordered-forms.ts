import type { Forms } from './vocabulary.js';

export const orderedForms: Forms = ({ below, number, pick, some, key, member, score, integer }) => {
  const z = () => key('z');
  const place = () => [`${below(3600) / 10 - 180}`, `${below(1600) / 10 - 80}`];
  const unit = () => pick('m', 'km', 'mi', 'ft', 'parsec');
  const low = () => pick('-inf', `(${number(40)}`, number(40), 'x');
  const high = () => pick('+inf', `(${number(90)}`, number(90));
  const limit = () => some(30, 'LIMIT', number(4), pick(number(9), '-1'));
  const shape = () =>
    pick<readonly string[]>(
      ['BYRADIUS', number(9000), unit()],
      ['BYBOX', number(9000), number(9000), unit()],
    );
  const centre = () => pick<readonly string[]>(['FROMLONLAT', ...place()], ['FROMMEMBER', member()]);
  // Which come first with ANY depends on the order in which cells are searched.
  const count = () => some(40, 'COUNT', number(5));
  const shown = () => [...some(40, 'WITHDIST'), ...some(40, 'WITHCOORD'), ...some(40, 'WITHHASH')];
  const combination = () => [
    '2',
    z(),
    pick(z(), key('s')),
    ...some(30, 'WEIGHTS', '2', '3'),
    ...some(30, 'AGGREGATE', pick('MIN', 'MAX', 'SUM')),
  ];
  return [
    () => ['ZADD', z(), ...some(20, pick('NX', 'XX', 'GT', 'LT', 'CH')), score(), member()],
    () => ['ZADD', z(), score(), member(), score(), member(), ...some(10, 'x')],
    () => ['ZADD', z(), ...some(50, 'XX'), 'INCR', score(), member()],
    () => ['ZINCRBY', z(), score(), member()],
    () => ['ZREM', z(), member(), member()],
    () => ['ZREMRANGEBYRANK', z(), pick(number(9), '-2'), number(9)],
    () => ['ZREMRANGEBYSCORE', z(), pick('40', '(30'), '45'],
    // What a range of members is where scores differ is not said anywhere.
    () => ['ZADD', 'lex', '0', member(), '0', member()],
    () => ['ZREMRANGEBYLEX', 'lex', '[m1', '(m2'],
    () => ['ZRANGEBYLEX', 'lex', pick('-', '[m1', '(m2', 'x'), pick('+', '[m3'), ...limit()],
    () => [pick('ZPOPMIN', 'ZPOPMAX'), z(), ...some(50, pick(number(3), '-1'))],
    () => ['ZMPOP', '2', z(), z(), pick('MIN', 'MAX', 'BAD'), ...some(50, 'COUNT', number(3))],
    () => ['ZSCORE', z(), member()],
    () => ['ZMSCORE', z(), member(), member()],
    () => ['ZCARD', z()],
    () => [pick('ZRANK', 'ZREVRANK'), z(), member()],
    () => ['ZCOUNT', z(), low(), high()],
    () => ['ZLEXCOUNT', 'lex', pick('-', '[m1', '(m2', 'x'), pick('+', '[m3')],
    () => [pick('ZRANGE', 'ZREVRANGE'), z(), integer(), integer(), ...some(50, 'WITHSCORES')],
    () => ['ZRANGEBYSCORE', z(), low(), high(), ...some(50, 'WITHSCORES'), ...limit()],
    () => ['ZREVRANGEBYSCORE', z(), high(), low(), ...limit()],
    () => ['ZRANGE', z(), low(), high(), 'BYSCORE', ...some(30, 'WITHSCORES'), ...limit()],
    () => ['ZRANGE', z(), '+inf', '-inf', 'BYSCORE', 'REV', ...limit()],
    () => ['ZRANGESTORE', z(), z(), number(9), pick(number(90), '-1'), ...some(20, 'REV')],
    () => ['ZRANGESTORE', z(), z(), low(), high(), 'BYSCORE', ...limit()],
    () => [pick('ZUNION', 'ZINTER'), ...combination(), ...some(40, 'WITHSCORES')],
    () => [pick('ZUNIONSTORE', 'ZINTERSTORE'), z(), ...combination()],
    () => ['ZDIFF', '2', z(), pick(z(), key('s')), ...some(40, 'WITHSCORES')],
    () => ['ZDIFFSTORE', z(), '2', z(), z()],
    () => ['ZINTERCARD', pick('2', '0', '9'), z(), z(), ...some(40, 'LIMIT', number(9))],
    () => ['ZRANDMEMBER', z(), '1000', ...some(40, 'WITHSCORES')],
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
      ...shown(),
    ],
    () => ['GEOSEARCHSTORE', 'p', key('g'), ...centre(), ...shape(), ...count(), ...some(40, 'STOREDIST')],
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
    () => ['ZRANGE', 'p', '0', '-1'],
  ];
};
