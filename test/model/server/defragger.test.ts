/** What active defragmentation scans, when, and in which order; test/fidelity/defrag compares it with real servers. */
import { describe, expect, test } from 'vitest';
import { setSetting } from '#slablab/src/model/index.js';
import { Kind, type OpChunk } from '#slablab/src/stream/index.js';
import { newServer, type TestServer } from '../../support/redis.js';

const VERSIONS = [
  'redis-7.0',
  'redis-7.2',
  'redis-7.4',
  'redis-8.0',
  'redis-8.6',
  'valkey-8.0',
  'valkey-8.1',
  'valkey-9.1',
];

/** Returns the requested sizes of the regions that one pass tries, in its order. */
function triedOf(lab: TestServer): number[] {
  const before = lab.chunks();
  lab.server.settings.activeDefrag = true;
  const sizes = new Map<number, number>();
  note(sizes, before);
  const tried: number[] = [];
  for (;;) {
    lab.server.advanceTo(lab.server.nowMs + 100);
    for (const { length, what, handle, size } of lab.chunks()) {
      for (let at = 0; at < length; at++) {
        const kind = what[at]! & 0xff;
        if (kind === Kind.defragPass && size[at] === 0) return tried;
        if (kind === Kind.defragTry) tried.push(sizes.get(handle[at]!)!);
        else if (kind <= Kind.rallocx) sizes.set(handle[at]!, size[at]!);
      }
    }
  }
}

function note(sizes: Map<number, number>, chunks: readonly OpChunk[]): void {
  for (const { length, what, handle, size } of chunks) {
    for (let at = 0; at < length; at++) {
      const kind = what[at]! & 0xff;
      if (kind === Kind.malloc || kind === Kind.calloc || kind === Kind.realloc)
        sizes.set(handle[at]!, size[at]!);
    }
  }
}

/** Returns the number of operations of each kind since the last call. */
function kindsIn(lab: TestServer): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { length, what } of lab.chunks()) {
    for (let at = 0; at < length; at++) {
      const kind = what[at]! & 0xff;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return counts;
}

test.each([
  ['redis-7.0', [24, 4, 16, 1006]],
  ['redis-7.2', [24, 4, 16, 1006]],
  ['valkey-8.0', [72, 32, 23, 16, 1006]],
  ['redis-8.0', [2464, 32, 24, 4, 16, 1006]],
  ['redis-8.6', [2496, 32, 21, 1006]],
  ['valkey-8.1', [88, 64, 1006, 21]],
  ['valkey-9.1', [96, 64, 1006, 21]],
] as const)('%s tries the regions of a string in its order', (version, expected) => {
  const lab = newServer(version);
  lab.execute('SET', 'kk', 'x'.repeat(1000));
  const tried = triedOf(lab);
  expect(tried).toEqual(expected);
});

describe.each(VERSIONS)('%s', (version) => {
  function withData(): TestServer {
    const lab = newServer(version);
    lab.execute('SET', 'raw', 'x'.repeat(300));
    lab.execute('SET', 'short', 'abc', 'PX', '600000');
    lab.execute('SET', 'number', '1234567');
    for (let member = 0; member < 200; member++) {
      const name = `member:${member}:${'m'.repeat(80)}`;
      lab.execute('HSET', 'hash', name, name);
      lab.execute('SADD', 'set', name);
      lab.execute('ZADD', 'zset', `${member}`, name);
      lab.execute('RPUSH', 'list', name.repeat(4));
      lab.execute('XADD', 'stream', `${member + 1}-1`, 'field', name);
    }
    lab.execute('XGROUP', 'CREATE', 'stream', 'group', '0');
    lab.execute('XREADGROUP', 'GROUP', 'group', 'reader', 'COUNT', '5', 'STREAMS', 'stream', '>');
    for (const name of ['small-hash', 'small-set', 'small-list', 'small-zset'] as const) {
      if (name === 'small-hash') lab.execute('HSET', name, 'f', 'v');
      if (name === 'small-set') lab.execute('SADD', name, '1');
      if (name === 'small-list') lab.execute('RPUSH', name, 'v');
      if (name === 'small-zset') lab.execute('ZADD', name, '1', 'v');
    }
    return lab;
  }

  test('a pass tries live regions only, each of a value once, also if values are big', () => {
    for (const limit of ['1000', '50']) {
      const lab = withData();
      setSetting(lab.server.settings, 'active-defrag-max-scan-fields', limit);
      const tries = handlesOf(lab);
      const values = tries.filter(({ marks }) => marks !== 0);
      expect(tries.length).toBeGreaterThan(900);
      expect(values.length).toBeGreaterThan(10);
      const twice = new Set<number>();
      const seen = new Set<number>();
      for (const { handle } of tries) (seen.has(handle) ? twice : seen).add(handle);
      expect([...twice]).toEqual([]);
    }
  });

  test('a big value is tried as completely as a small one', () => {
    const [small, big] = ['1000', '50'].map((limit) => {
      const lab = withData();
      setSetting(lab.server.settings, 'active-defrag-max-scan-fields', limit);
      return new Set(handlesOf(lab).map(({ handle }) => handle));
    }) as [Set<number>, Set<number>];
    const missing = [...small].filter((handle) => !big.has(handle));
    expect(missing).toEqual([]);
    // The entries of a sorted set are tried only in big ones, where the version tries them at all.
    expect(big.size).toBeGreaterThanOrEqual(small.size);
  });

  test('it rests after passes without a change, and goes on after one', () => {
    const lab = withData();
    lab.server.settings.activeDefrag = true;
    while (!lab.server.defragger.isResting) lab.server.advanceTo(lab.server.nowMs + 100);
    lab.server.advanceTo(lab.server.nowMs + 5000);
    lab.chunks();
    lab.server.advanceTo(lab.server.nowMs + 1000);
    expect(kindsIn(lab).get(Kind.defragTry)).toBeUndefined();
    lab.executeAs(0, lab.server.nowMs, 'SET', 'more', 'x');
    lab.chunks();
    lab.server.advanceTo(lab.server.nowMs + 200);
    expect(kindsIn(lab).get(Kind.defragTry)).toBeGreaterThan(100);
  });

  test('switched off in a pass, it ends it and frees what it has', () => {
    const lab = withData();
    setSetting(lab.server.settings, 'active-defrag-cycle-max', '1');
    setSetting(lab.server.settings, 'active-defrag-max-scan-fields', '50');
    const { used } = lab.server.heap;
    lab.server.settings.activeDefrag = true;
    lab.server.advanceTo(lab.server.nowMs + 100);
    lab.executeAs(0, lab.server.nowMs, 'CONFIG', 'SET', 'activedefrag', 'no');
    lab.server.advanceTo(lab.server.nowMs + 100);
    const kinds = kindsIn(lab);
    expect(kinds.get(Kind.defragMalloc) ?? 0).toBe(kinds.get(Kind.defragFree) ?? 0);
    expect(lab.server.heap.used).toBeLessThanOrEqual(used + 64);
  });

  test('keys that go during a pass are no trouble', () => {
    const lab = withData();
    setSetting(lab.server.settings, 'active-defrag-cycle-max', '1');
    setSetting(lab.server.settings, 'active-defrag-max-scan-fields', '50');
    lab.server.settings.activeDefrag = true;
    for (const key of ['hash', 'zset', 'list', 'stream', 'set']) {
      lab.server.advanceTo(lab.server.nowMs + 100);
      lab.executeAs(0, lab.server.nowMs, 'DEL', key);
    }
    lab.executeAs(0, lab.server.nowMs, 'FLUSHALL');
    lab.server.advanceTo(lab.server.nowMs + 1000);
    expect(lab.server.gaps.count).toBe(0);
  });

  test('a server with the system’s jemalloc refuses it in its own words', () => {
    const lab = newServer(version, { isSystemAllocator: true });
    lab.execute('CONFIG', 'SET', 'activedefrag', 'yes');
    expect(lab.server.settings.activeDefrag).toBe(false);
    expect(lab.server.settings.defragRefusal).toContain('a modified Jemalloc');
    expect(lab.server.settings.defragRefusal?.includes('a Redis server')).toBe(version.startsWith('redis'));
  });
});

interface Attempt {
  readonly handle: number;
  readonly marks: number;
}

/** Returns the handles that one pass tries. Each must be live at that moment. */
function handlesOf(lab: TestServer): Attempt[] {
  const live = new Set<number>();
  const tries: Attempt[] = [];
  lab.server.settings.activeDefrag = true;
  for (;;) {
    for (const { length, what, handle, size } of lab.chunks()) {
      for (let at = 0; at < length; at++) {
        const kind = what[at]! & 0xff;
        if (kind === Kind.defragPass && size[at] === 0) return tries;
        if (kind === Kind.malloc || kind === Kind.calloc) live.add(handle[at]!);
        else if (kind === Kind.free) live.delete(handle[at]!);
        else if (kind === Kind.defragTry) {
          expect(live.has(handle[at]!)).toBe(true);
          tries.push({ handle: handle[at]!, marks: size[at]! & 3 });
        }
      }
    }
    lab.server.advanceTo(lab.server.nowMs + 100);
  }
}
