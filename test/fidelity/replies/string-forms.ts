import type { Forms } from './vocabulary.js';

export const stringForms: Forms = ({ below, number, pick, some, key, member, integer }) => {
  const value = () => pick('v'.repeat(below(90)), number(20_000), `${below(99) / 4}`, member());
  const expiry = () =>
    pick(['EX', '1000'], ['PX', '1000000'], ['KEEPTTL'], ['EX', '0'], ['EXAT', '4000000000']);
  const k = () => key(pick('k', 'n', 'b'));
  // What bits say is not modelled, so that it must not become a number.
  const b = () => `b${number(3)}`;
  const bits = () => pick('u8', 'i5', 'u63', 'i64', 'u64', 'i0', 'u1');
  const bitOperation = () =>
    pick(
      ['GET', bits(), number(60)],
      ['SET', bits(), pick(number(60), `#${number(9)}`), number(300)],
      ['INCRBY', bits(), number(60), `-${number(100)}`],
      ['OVERFLOW', pick('SAT', 'FAIL', 'WRAP', 'BAD')],
    );
  return [
    () => ['SET', k(), value()],
    () => ['SET', k(), value(), ...expiry()],
    () => ['SET', k(), value(), ...some(50, pick('NX', 'XX')), ...some(40, 'GET'), ...some(30, ...expiry())],
    () => ['SETNX', k(), value()],
    () => ['SETEX', k(), pick('1000', '0', 'x'), value()],
    () => ['PSETEX', k(), '100000', value()],
    () => ['GET', k()],
    () => [
      'GETEX',
      k(),
      ...some(60, ...pick<readonly string[]>(['EX', '900'], ['PERSIST'], ['EX', '-1'], ['BAD'])),
    ],
    () => ['GETDEL', k()],
    () => ['GETSET', k(), value()],
    () => ['MGET', k(), key('l'), k()],
    () => ['MSET', k(), value(), k(), value(), ...some(5, k())],
    () => ['MSETNX', `new${number(5)}`, value(), k(), value()],
    () => ['APPEND', k(), value()],
    () => ['STRLEN', k()],
    () => ['SETRANGE', b(), pick(number(200), '-1'), `v${value()}`],
    () => ['GETRANGE', k(), integer(), integer()],
    () => ['SUBSTR', k(), number(9), '-1'],
    () => [pick('INCR', 'DECR'), key('n')],
    () => [pick('INCRBY', 'DECRBY'), key('n'), integer()],
    () => ['INCRBYFLOAT', key('n'), pick('1.5', '0.1', '-3', '1e5', 'x', 'inf')],
    () => ['SETBIT', b(), pick(number(900), '-1'), pick('0', '1', '2')],
    () => ['BITFIELD', b(), ...bitOperation(), ...some(50, ...bitOperation())],
    () => ['BITFIELD_RO', key('b'), 'GET', bits(), number(60), ...some(20, 'SET', 'u8', '0', '1')],
    () => ['BITOP', pick('AND', 'OR', 'NOT', 'BAD'), b(), b(), ...some(50, key('b'))],
    () => ['PFADD', `pf${number(2)}`, ...some(90, member(), member())],
    () => ['PFMERGE', `pf${number(2)}`, `pf${number(2)}`],
    () => ['LCS', k(), k(), 'LEN'],
  ];
};
