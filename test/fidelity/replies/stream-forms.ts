import type { Forms } from './vocabulary.js';

export const streamForms: Forms = ({ below, number, pick, some, key, member }) => {
  const x = () => key('x');
  let last = 0;
  const next = () => {
    last += below(4);
    return `${last}-${1 + below(3)}`;
  };
  const known = () => `${below(last + 2)}-${1 + below(3)}`;
  const group = () => pick('g1', 'g2', 'none');
  const consumer = () => `c${number(3)}`;
  const trim = () => ['MAXLEN', ...some(30, pick('~', '=')), number(60)];
  return [
    () => ['XADD', x(), next(), 'f', member()],
    () => ['XADD', x(), next(), 'f', member(), 'other', number(99)],
    () => ['XADD', x(), ...some(50, 'NOMKSTREAM'), ...trim(), next(), 'f', member()],
    () => ['XADD', x(), known(), 'f', ...some(90, 'v')],
    () => ['XLEN', x()],
    () => ['XDEL', x(), known(), known()],
    () => ['XTRIM', x(), ...trim()],
    () => ['XTRIM', x(), 'MINID', known()],
    () => [
      'XRANGE',
      x(),
      pick('-', known(), `(${below(9)}`),
      pick('+', known()),
      ...some(30, 'COUNT', number(9)),
    ],
    () => ['XREVRANGE', x(), '+', pick('-', known()), ...some(30, 'COUNT', number(9))],
    () => ['XREAD', ...some(50, 'COUNT', number(9)), 'STREAMS', x(), x(), known(), pick('0', '$')],
    () => ['XGROUP', 'CREATE', x(), group(), pick('0', '$', known()), ...some(30, 'MKSTREAM')],
    () => ['XGROUP', 'CREATECONSUMER', x(), group(), consumer()],
    () => ['XGROUP', 'DELCONSUMER', x(), group(), consumer()],
    () => ['XGROUP', 'SETID', x(), group(), pick('0', '$', known())],
    () => [...some(5, 'XGROUP', 'DESTROY', x(), group()), 'XLEN', x()].slice(0, 4),
    () => [
      'XREADGROUP',
      'GROUP',
      group(),
      consumer(),
      'COUNT',
      number(9),
      ...some(20, 'NOACK'),
      'STREAMS',
      x(),
      '>',
    ],
    () => ['XREADGROUP', 'GROUP', group(), consumer(), 'STREAMS', x(), pick('0', known())],
    () => ['XACK', x(), group(), known(), known()],
    () => [
      'XCLAIM',
      x(),
      group(),
      consumer(),
      '0',
      known(),
      ...some(30, 'FORCE'),
      ...some(30, 'JUSTID'),
      ...some(20, 'RETRYCOUNT', '5'),
      ...some(20, 'TIME', '1000'),
    ],
    () => ['XCLAIM', x(), group(), consumer(), pick('9999999', 'x'), known()],
    () => [
      'XAUTOCLAIM',
      x(),
      group(),
      consumer(),
      '0',
      pick('0', known()),
      ...some(50, 'COUNT', pick('3', '0')),
      ...some(30, 'JUSTID'),
    ],
    () => ['XPENDING', x(), group()],
    () => ['XPENDING', x(), group(), 'IDLE', '9999999', '-', '+', '9'],
    () => ['XSETID', x(), next()],
    () => ['XINFO', pick('STREAM', 'GROUPS'), x(), ...some(5, 'BAD')],
  ];
};
