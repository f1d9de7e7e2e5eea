import { describe, expect, test } from 'vitest';
import { formatParts } from '#slablab/src/report/adding-up.js';
import { residentAnswer } from '#slablab/src/report/index.js';

const MIB = 2 ** 20;
type Input = Parameters<typeof residentAnswer>[0];
type Owners = NonNullable<Input['owners']>;

/** An answer about amounts in MiB. */
function say(given: Partial<Input['parts']>, more: Partial<Input> = {}) {
  const mebibytes = { use: 0, pinned: 0, dirty: 0, empty: 0, records: 0, ...given };
  const { use, pinned, dirty, empty, records } = mebibytes;
  const resident = use + pinned + dirty + empty + records;
  const parts = {
    use: use * MIB,
    pinned: pinned * MIB,
    parked: 0,
    dirty: dirty * MIB,
    empty: empty * MIB,
    records: records * MIB,
    resident: resident * MIB,
    muzzy: 0,
    slabs: { all: 2000, pinned: 1999, empty: 1 },
  };
  const answer = residentAnswer({
    parts,
    classes: [
      { size: 64, slabs: 1, full: 0, empty: 0, bytes: 0, live: 0, pinned: 1 },
      { size: 1024, slabs: 1, full: 0, empty: 0, bytes: 0, live: 0, pinned: 2 },
    ],
    peak: resident * MIB,
    owners: null,
    options: { dirty_decay_ms: '10000' },
    ...more,
  });
  return { ...answer, text: answer.sentence.map(({ text }) => text).join('') };
}

type Alone = readonly [name: string, mebibytes: number];

/** Owners that pin so many MiB alone. */
function owners(...alone: Alone[]): Owners {
  const patterns = alone.map(([name, mebibytes]) => ({
    ...(name.startsWith('(')
      ? { pattern: null, subject: name.slice(1, -1) }
      : { pattern: name, subject: null }),
    alone: 12,
    aloneBytes: 2 * mebibytes * MIB,
  }));
  return {
    report: { patterns } as unknown as Owners['report'],
    pinned: { alone: Float64Array.from(alone, ([, mebibytes]) => mebibytes * MIB), shared: 0 },
  };
}

describe('what cannot come back goes first', () => {
  test('without owners the class with most of it is named', () => {
    const { text, reason } = say({ use: 50, pinned: 50, records: 6 });
    expect(text).toBe('50.0 MiB of 106.0 MiB cannot come back. Survivors in class 1,024 pin it.');
    expect(reason).toBe('1 of 2,000 slabs is empty. A slab goes back when its last region is free.');
  });

  test('one owner, two, or the first of many are named; parts of the server by what they are', () => {
    const with_ = (...alone: Alone[]) => say({ use: 50, pinned: 50 }, { owners: owners(...alone) });
    expect(with_(['key:*', 49]).text).toContain('The surviving key:* keys pin it.');
    expect(with_(['(server)', 49]).text).toContain('It is pinned by the server itself.');
    expect(with_(['a:*', 20], ['b:*', 28]).text).toContain('b:* and a:* pin it.');
    expect(with_(['a:*', 20], ['b:*', 10], ['c:*', 10]).text).toContain(
      '3 owners pin it, most of all a:* (40.0% alone).',
    );
  });

  test('the reason ends as the command line does', () => {
    const { reason } = say({ use: 50, pinned: 50 }, { owners: owners(['key:*', 49]) });
    expect(reason).toBe(
      'If key:* were gone, 12 slabs and large extents would come back: 98.0 MiB. 1 of 2,000 slabs is empty.',
    );
  });

  test('unless more comes back, and then it is the reason', () => {
    const { text, reason } = say({ use: 50, pinned: 20, dirty: 30 });
    expect(text).toBe('30.0 MiB of 100.0 MiB comes back by itself within 10 s.');
    expect(reason).toBe('20.0 MiB more cannot come back.');
    expect(say({ use: 50, pinned: 30, dirty: 20 }).reason).toMatch(/^20.0 MiB comes back by itself/);
  });
});

describe('what comes back says how', () => {
  test.each([
    ['0', 'within 0 ms'],
    ['500', 'within 500 ms'],
    ['-1', 'only by MEMORY PURGE'],
  ])('decay of %s ms', (decay, how) => {
    expect(say({ use: 50, dirty: 30 }, { options: { dirty_decay_ms: decay } }).text).toContain(how);
  });

  test('empty slabs that are the larger part wait for thread caches', () => {
    expect(say({ use: 50, dirty: 4, empty: 30 }).text).toBe(
      '34.0 MiB of 84.0 MiB comes back when thread caches are flushed.',
    );
    expect(say({ use: 50, dirty: 30, empty: 4 }).text).toContain('34.0 MiB of 84.0 MiB comes back by itself');
  });

  test('empty slabs alone wait for thread caches; without options nothing is claimed of the time', () => {
    expect(say({ use: 50, empty: 30 }).text).toContain('when thread caches are flushed');
    expect(say({ use: 50, dirty: 30 }, { options: undefined }).text).toMatch(/comes back by itself\.$/);
  });
});

test('what came back since the peak, and otherwise how much is in use', () => {
  expect(say({ use: 6, records: 3 }, { peak: 61 * MIB }).text).toBe(
    '52.0 MiB came back since the peak. 9.0 MiB are left.',
  );
  expect(say({ use: 96, pinned: 1, records: 3 }).text).toBe('Little to gain: 96.0% of 100.0 MiB is in use.');
  expect(say({ use: 21, pinned: 6, records: 73 }).text).toBe(
    "Little to gain: 94.0% of 100.0 MiB is in use, or the allocator's own records.",
  );
  expect(say({}).text).toBe('Nothing is allocated.');
});

test('a part of a tenth of the peak is worth the sentence, and one below is not', () => {
  expect(say({ use: 90, pinned: 10 }).text).toContain('cannot come back');
  expect(say({ use: 91, pinned: 9 }).text).toContain('Little to gain');
});

describe('printed amounts add up', () => {
  const tenths = (text: string) => Math.round(Number.parseFloat(text) * 10);

  test('by the largest remainder', () => {
    const parts = [53.42, 51.76, 6.0].map((each) => each * MIB);
    expect(formatParts(parts, 111.18 * MIB)).toEqual(['53.4 MiB', '51.8 MiB', '6.0 MiB']);
  });

  test('for any amounts of one unit', () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let run = 0; run < 500; run++) {
      const parts = Array.from(
        { length: 5 },
        () => (1 + Math.floor(random() * 190)) * MIB + Math.floor(random() * MIB),
      );
      const total = parts.reduce((sum, each) => sum + each, 0);
      const printed = formatParts(parts, total).reduce((sum, text) => sum + tenths(text), 0);
      expect(printed).toBe(Math.round((total / MIB) * 10));
    }
  });

  test('a small one keeps its own unit, and zero is zero', () => {
    expect(formatParts([100 * MIB, 4096, 0], 100 * MIB + 4096)).toEqual(['100.0 MiB', '4.0 KiB', '0 B']);
    expect(formatParts([10, 0], 10)).toEqual(['10 B', '0 B']);
  });
});
