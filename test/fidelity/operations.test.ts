/** The calls of Debian's redis-server to its allocator beside the model's, one by one, on the same commands. */
import { expect, test } from 'vitest';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { withRealServer } from '../support/real-server.js';
import { align, Lane } from './operations/align.js';
import { besideServer } from './operations/beside-server.js';
import { RequestList } from './operations/request-list.js';
import { findStream, type Step } from './streams.js';

const POPULATION = 60_000;
const COMMANDS_AFTER = 5000;

/** Part of the stream with most kinds of commands: every twentieth key, then some commands on all kinds of keys. */
function* partOfMix(): Generator<Step> {
  let number = 0;
  for (const step of findStream('mix').steps()) {
    if (number >= POPULATION || number % 20 === 0) yield step;
    if (++number >= POPULATION + COMMANDS_AFTER) return;
  }
}

withRealServer(
  'each request of a server is the model’s, in the same order, but for known causes',
  async (path) => {
    const binary = await inspectBinary(path);
    const stream = { ...findStream('mix'), steps: partOfMix };
    const { alignment, judged, lines } = await besideServer(stream, binary);
    const text = lines(3).join('\n');
    expect(alignment.same, text).toBeGreaterThan(50_000);
    expect(judged.unexplained.length, text).toBeLessThan(alignment.same / 5000);
    expect(judged.unexplainedRegions.length, text).toBeLessThan(alignment.same / 1000);
  },
);

const USES = { isNode: () => false, isBareEntry: () => false, isArgument: () => false };
/** Requests from tokens: +24 makes the next region, -0 frees region 0. */
function listOf(text: string, shared?: RequestList): RequestList {
  const list = new RequestList(USES, shared);
  const tokens = text.split(' ').map((token) => [token[0], Number(token.slice(1))] as const);
  const columns = [
    new Uint32Array(tokens.length),
    new Uint32Array(tokens.length),
    new Uint32Array(tokens.length),
  ];
  const [what, handle, size] = columns as [Uint32Array, Uint32Array, Uint32Array];
  let regions = 0;
  for (const [index, [sign, number]] of tokens.entries()) {
    what[index] = sign === '+' ? 1 : 4;
    handle[index] = sign === '+' ? regions++ : number;
    size[index] = sign === '+' ? number : 0;
  }
  list.add({ firstPosition: 0, length: tokens.length, what, handle, size });
  return list;
}

function aligned(server: string, model: string) {
  const ofModel = listOf(model);
  const ofServer = listOf(server, ofModel);
  const all = (list: RequestList) => Lane.of(list, { from: 0, to: list.length }, () => true);
  const { same, differences, otherRegion } = align(all(ofServer), all(ofModel));
  return {
    same,
    differences: differences.map(({ server: own, model: other }) => [
      own.to - own.from,
      other.to - other.from,
    ]),
    otherRegion: otherRegion.length,
  };
}

test.each([
  ['equal', '+8 +16 -0 -1', '+8 +16 -0 -1', { same: 4, differences: [], otherRegion: 0 }],
  ['one more', '+8 +24 +16 -0 -2', '+8 +16 -0 -1', { same: 4, differences: [[1, 0]], otherRegion: 0 }],
  ['one less', '+8 +16 -0 -1', '+8 +32 +16 -0 -2', { same: 4, differences: [[0, 1]], otherRegion: 0 }],
  ['another size', '+8 +24 +8 -0 -2', '+8 +32 +8 -0 -2', { same: 4, differences: [[1, 1]], otherRegion: 0 }],
  ['another region', '+8 +8 -0 +16 -1', '+8 +8 -1 +16 -0', { same: 5, differences: [], otherRegion: 2 }],
  ['more at the end', '+8 +16', '+8', { same: 1, differences: [[1, 0]], otherRegion: 0 }],
])('an alignment of lists with %s', (_, server, model, expected) => {
  expect(aligned(server, model)).toEqual(expected);
});
