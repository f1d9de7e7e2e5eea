import { describe, expect, test } from 'vitest';
import { type Explanation, explain } from '#slablab/src/analysis/index.js';
import { Random } from '#slablab/src/base/index.js';
import { inTwo } from '../recorded.js';
import { BLANKS, FIELDS, PREFIXES, WRAPPERS } from './dirt.js';

/** Servers whose statistics have one arena, several, holes, padding, and muzzy pages. */
const SERVERS = [
  'fragmented-redis-7.2.6',
  'padding-redis-7.0.15',
  'half-decayed-redis-6.0.16',
  'healthy-debian',
];

function explained(text: string): Explanation {
  return explain([{ name: 'paste', text }]);
}

/** Everything but remarks on lines that a wrapper adds. */
function answerOf({ notes, ...rest }: Explanation) {
  return { ...rest, notes: notes.filter(({ kind }) => kind !== 'left-out') };
}

describe.each([
  ['prefixes', PREFIXES],
  ['wrappers', WRAPPERS],
  ['blanks', BLANKS],
])('%s leave the answer as it is', (_, kinds) => {
  describe.each(Object.entries(kinds))('%s', (_, dirt) => {
    test.each(SERVERS)('%s', async (server) => {
      const { info, stats } = await inTwo(server);
      const random = new Random(7);
      expect(answerOf(explained(dirt(info + stats, random)))).toEqual(answerOf(explained(info + stats)));
      expect(answerOf(explained(dirt(info, random)))).toEqual(answerOf(explained(info)));
    });
  });
});

describe.each(Object.entries(FIELDS))('fields as %s', (_, written) => {
  test.each(SERVERS)('%s', async (server) => {
    const { info, stats } = await inTwo(server);
    expect(answerOf(explained(written(info)))).toEqual(answerOf(explained(info)));
    expect(answerOf(explained(written(info) + stats))).toEqual(answerOf(explained(info + stats)));
  });
});
