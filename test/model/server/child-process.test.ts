import { describe, expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

/** Elements per bucket from which on a table grows beside a child. */
const GROWS_FROM = { 'redis-7.0': 6, 'redis-7.2': 6, 'valkey-8.0': 4 } as const;

describe.each(Object.entries(GROWS_FROM))('%s: while a child saves', (version, growsFrom) => {
  function filled(count: number) {
    const model = newServer(version);
    for (let index = 0; index < count; index++) model.execute('SET', `key:${index}`, 'x');
    model.server.advanceTo(5000);
    model.operations();
    return model;
  }
  const arrays = (lines: readonly string[]) => lines.filter((line) => /^calloc .*bucket array/.test(line));

  test.each(['BGSAVE', 'BGREWRITEAOF'])('%s: a table grows only when it has to', (command) => {
    const model = filled(60);
    model.execute(command);
    for (let index = 60; index < 64 * growsFrom - 1; index++) model.execute('SET', `key:${index}`, 'x');
    expect(arrays(model.operations())).toEqual([]);
    for (let index = 0; index < 3; index++) model.execute('SET', `more:${index}`, 'x');
    expect(arrays(model.operations())).toHaveLength(1);
  });

  test('it ends at a tick; then the table grows', () => {
    const model = filled(60);
    model.execute('BGSAVE');
    for (let index = 0; index < 10; index++) model.execute('SET', `a:${index}`, 'x');
    expect(arrays(model.operations())).toEqual([]);
    model.server.advanceTo(model.server.nowMs + 99);
    model.execute('BGSAVE');
    expect(model.server.child.lives).toBe(true);
    model.server.advanceTo(model.server.nowMs + 200);
    expect(model.server.child.lives).toBe(false);
    model.execute('SET', 'b', 'x');
    expect(arrays(model.operations())).toHaveLength(1);
  });

  test('a rewrite that was asked for meanwhile follows', () => {
    const model = filled(10);
    model.execute('BGSAVE');
    model.execute('BGREWRITEAOF');
    const lives: boolean[] = [];
    for (let tick = 0; tick < 4; tick++) {
      model.server.advanceTo(model.server.nowMs + 100);
      lives.push(model.server.child.lives);
    }
    expect(lives).toEqual([false, true, false, false]);
  });

  test('more data takes longer', () => {
    const model = filled(10);
    model.execute('DEBUG', 'POPULATE', '30000', 'key', '2000');
    model.execute('BGSAVE');
    model.server.advanceTo(model.server.nowMs + 500);
    expect(model.server.child.lives).toBe(true);
    model.server.advanceTo(model.server.nowMs + 500);
    expect(model.server.child.lives).toBe(false);
  });
});
