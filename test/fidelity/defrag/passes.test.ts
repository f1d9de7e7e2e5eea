/**
 * One pass of active defragmentation beside recorded ones of Redis 8.0.2 and Valkey 9.1.2, whose own jemalloc printed every
 * decision (README.md). A third of the keys or elements is left, with and without tcaches.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type LabPass, labPass, type TriedRegion } from './lab-pass.js';
import { ServerNames } from './server-names.js';

interface Recorded {
  /** Size, regions of a slab, regions, slabs and slabs that are not full, of each class before the pass. */
  readonly bins: readonly string[];
  /** Size class and used regions of the slab for each try; a plus if the region moved. */
  readonly tries: string;
}

const RECORDED = JSON.parse(readFileSync(new URL('passes.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Recorded>
>;

const names = new ServerNames();
const PER_KEY = 20;

/** The commands of each case, by its name in the recording. */
const COMMANDS: Readonly<Record<string, () => string[][]>> = {
  strings: () => thirdOf(64, 'DEL', [], (name) => ['SET', name, 'x'.repeat(1000)], 'k:'),
  hashlp: () => thirdOf(64, 'DEL', [], (name) => ['HSET', name, ...smallFields()], 'h:'),
  hashht: () => thirdOf(600, 'HDEL', ['big'], (name) => ['HSET', 'big', name, 'v'.repeat(200)], 'field:'),
  zset: () =>
    thirdOf(
      600,
      'ZREM',
      ['z'],
      (name, number) => ['ZADD', 'z', `${number}`, name],
      'member:',
      'm'.repeat(90),
    ),
};

function smallFields(): string[] {
  return Array.from({ length: PER_KEY }, (_, field) => [
    `f${`${field}`.padStart(2, '0')}`,
    'v'.repeat(50),
  ]).flat();
}

/** Adds so many names and removes all but every third. */
function thirdOf(
  count: number,
  remove: string,
  key: readonly string[],
  add: (name: string, number: number) => string[],
  prefix: string,
  suffix = '',
): string[][] {
  const all = Array.from({ length: count }, (_, number) => {
    const text = `${prefix}${`${number}`.padStart(4, '0')}`;
    return names.of(suffix === '' ? text : `${text}:${suffix}`);
  });
  return [
    ...all.map(add),
    ...all.filter((_, number) => number % 3 > 0).map((name) => [remove, ...key, name]),
  ];
}

interface Exact {
  readonly classes: readonly number[];
  /** Regions to allocate first, by size, where other numbers than those that fill up slabs are needed. */
  readonly padding?: readonly (readonly [size: number, count: number])[];
}

/**
 * The classes in which the lab is the same region by region: which slab each try finds, how full, and whether it moves.
 * What the start of the recorded server left in a slab or in a tcache is not known. Regions that are allocated first bring
 * the lab's to the same place.
 */
const EXACT: Readonly<Record<string, Exact>> = {
  'redis-8.0 strings tcache:false': { classes: [16, 512, 1024, 2560] },
  'redis-8.0 strings tcache:true': { classes: [1024], padding: [[1024, 18]] },
  'redis-8.0 hashlp tcache:false': { classes: [16, 512, 1280, 2560] },
  'redis-8.0 hashlp tcache:true': { classes: [8, 16, 24, 512, 1280, 2560] },
  'redis-8.0 hashht tcache:false': { classes: [16, 56, 224, 2560, 8192] },
  'redis-8.0 hashht tcache:true': {
    classes: [16],
    padding: [
      [224, 2],
      [24, 2],
      [16, 2],
    ],
  },
  'valkey-9.1 strings tcache:false': { classes: [32, 96, 1024] },
  'valkey-9.1 strings tcache:true': { classes: [1024], padding: [[1024, 1]] },
  'valkey-9.1 hashlp tcache:false': { classes: [32, 96, 1024, 1280] },
  'valkey-9.1 hashlp tcache:true': { classes: [32, 96, 1024, 1280] },
  'valkey-9.1 hashht tcache:false': { classes: [64, 96, 224, 8192] },
  'valkey-9.1 hashht tcache:true': {
    classes: [64, 96, 224, 8192],
    padding: [
      [224, 1],
      [24, 1],
      [16, 1],
    ],
  },
};

/** The nodes of a sorted set have random levels, so their sizes differ from run to run. */
const ofRandomSizes = (name: string) => name.includes('zset');

describe.each(Object.keys(RECORDED))('%s', (name) => {
  const { bins, tries } = RECORDED[name]!;
  const recorded = tries.split(' ').map((text): TriedRegion => {
    const [size = '', used = ''] = text.split(':');
    return { size: Number(size), used: Number.parseInt(used, 10), moved: text.endsWith('+') };
  });
  const pass = padded(name, bins);

  test('as many regions are tried as the server tried, in its order', async () => {
    const lab = await pass;
    expect(lab.tries.length).toBe(recorded.length);
    if (ofRandomSizes(name)) return;
    expect(lab.tries.map(({ size }) => size)).toEqual(recorded.map(({ size }) => size));
  });

  test('each region of the classes of values lies and moves as on the server', async () => {
    const lab = await pass;
    for (const size of EXACT[name]?.classes ?? []) {
      expect([size, lab.tries.filter((one) => one.size === size)]).toEqual([
        size,
        recorded.filter((one) => one.size === size),
      ]);
    }
  });

  test('the ledger agrees with jemalloc, and hits and misses are the tries', async () => {
    const { before, after, tries: made } = await pass;
    const { hits, misses, movedBytes } = after.defrag!;
    const moved = made.filter((one) => one.moved);
    expect([hits, misses]).toEqual([moved.length, made.length - moved.length]);
    expect(movedBytes).toBe(moved.reduce((sum, { size }) => sum + size, 0));
    expect(after.drainprof.reconciled).toBe(true);
    expect(after.memory.active).toBeLessThanOrEqual(before.memory.active + 32_768);
  });
});

/** Runs a case with as many regions before it as bring each class to the place of the recorded server's. */
async function padded(name: string, bins: Recorded['bins']): Promise<LabPass> {
  const [version = '', data = '', conf = ''] = name.split(' ');
  const commands = COMMANDS[data]!();
  const plain = await labPass(version, conf, commands, new Map());
  const padding = new Map<number, number>();
  for (const bin of bins) {
    const [size = 0, inSlab = 0, regs = 0] = bin.split(' ').map(Number);
    const have = plain.bins.get(size)?.regs;
    if (have !== undefined) padding.set(size, (((regs - have) % inSlab) + inSlab) % inSlab);
  }
  const { padding: exact } = EXACT[name] ?? {};
  return labPass(version, conf, commands, exact === undefined ? padding : new Map(exact));
}
