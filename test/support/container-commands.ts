import type { Random } from '#slablab/src/base/index.js';
export type Words = readonly string[];

/** Commands of all five types, over four keys each, with members and values of all kinds. */
export function containerCommands(random: Random): readonly (() => Words)[] {
  const key = (type: string) => `${type}${random.below(4)}`;
  const text = () => {
    const kind = random.below(5);
    if (kind === 0) return `${random.below(300) - 100}`;
    return kind === 1 ? `${'x'.repeat(random.below(90))}${random.below(50)}` : `v${random.below(300)}`;
  };
  const number = (below: number) => `${random.below(below)}`;
  let last = 1;
  const id = () => {
    last += random.below(20);
    return `${last}-${random.below(3)}`;
  };
  const group = () => `g${random.below(2)}`;
  return [
    () => ['HSET', key('h'), text(), text(), text(), text()],
    () => ['HDEL', key('h'), text()],
    () => ['HINCRBY', key('h'), `n${number(5)}`, number(1000)],
    () => ['HINCRBYFLOAT', key('h'), `f${number(5)}`, '0.1'],
    () => ['LPUSH', key('l'), text(), text()],
    () => ['RPUSH', key('l'), 'y'.repeat(random.below(5000))],
    () => ['RPOP', key('l'), number(4)],
    () => ['LPOP', key('l')],
    () => ['LINSERT', key('l'), 'AFTER', text(), 'z'.repeat(random.below(9000))],
    () => ['LSET', key('l'), number(10), 'q'.repeat(random.below(10_000))],
    () => ['LTRIM', key('l'), number(3), '-2'],
    () => ['LMOVE', key('l'), key('l'), 'LEFT', 'RIGHT'],
    () => ['SADD', key('s'), text(), text()],
    () => ['SADD', key('s'), number(1000)],
    () => ['SREM', key('s'), text()],
    () => ['SPOP', key('s')],
    () => ['SPOP', key('s'), number(200)],
    () => ['SMOVE', key('s'), key('s'), text()],
    () => ['SUNIONSTORE', key('s'), key('s'), key('s')],
    () => ['SINTERSTORE', key('s'), key('s'), key('s')],
    () => ['SDIFFSTORE', key('s'), key('s'), key('s')],
    () => ['ZADD', key('z'), `${random.below(1000) / 7}`, text(), number(50), text()],
    () => ['ZINCRBY', key('z'), '1.5', text()],
    () => ['ZREM', key('z'), text()],
    () => ['ZREMRANGEBYRANK', key('z'), '0', number(3)],
    () => ['ZREMRANGEBYSCORE', key('z'), number(50), `(${number(80)}`],
    () => ['ZPOPMAX', key('z')],
    () => ['ZUNIONSTORE', key('z'), '2', key('z'), key('s')],
    () => ['ZINTERSTORE', key('z'), '2', key('z'), key('z'), 'WEIGHTS', '2', '3'],
    () => ['ZDIFFSTORE', key('z'), '2', key('z'), key('z')],
    () => ['ZRANGESTORE', key('z'), key('z'), '0', number(200)],
    () => ['XADD', key('x'), id(), 'f', text()],
    () => ['XADD', key('x'), 'MAXLEN', '~', '150', id(), text(), text()],
    () => ['XTRIM', key('x'), 'MAXLEN', number(200)],
    () => ['XDEL', key('x'), `${last - random.below(100)}-1`],
    () => ['XGROUP', 'CREATE', key('x'), group(), '0', 'MKSTREAM'],
    () => ['XREADGROUP', 'GROUP', group(), `c${number(3)}`, 'COUNT', '9', 'STREAMS', key('x'), '>'],
    () => ['XACK', key('x'), group(), `${last - random.below(100)}-1`],
    () => ['XCLAIM', key('x'), group(), 'c9', '0', `${last - random.below(100)}-1`],
    () => ['XGROUP', random.below(9) === 0 ? 'DESTROY' : 'CREATE', key('x'), group(), '$'],
  ];
}
