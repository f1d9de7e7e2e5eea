import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { packOperations, unpackOperations } from '#slablab/src/stream/ops-file/pack-operations.js';
import { asRows } from '../support/operations.js';
import { printedSeed } from '../support/seed.js';
import { chunksOf, NAMES, opsFilePlace, PROGRAM } from './ops-files.js';

/** `make fuzz` has more. */
const ROUNDS = process.env.SLABLAB_FUZZ_OPERATIONS === undefined ? 1000 : 100_000;

const { save, refusal } = opsFilePlace();

test('no mutation of version 2 is accepted silently', async () => {
  const random = new Random(printedSeed('mutated .ops files of version 2'));
  const good = Buffer.from(await save(chunksOf(40, 10), PROGRAM, { isPacked: true, names: NAMES }));
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = mutated(good, random);
    if (bytes.equals(good)) continue;
    await refusal(bytes);
  }
});

test('packed operations come back, and packed bytes that are changed never crash', async () => {
  const random = new Random(printedSeed('packed operations'));
  for (let round = 0; round < ROUNDS; round++) {
    const length = 1 + random.below(50);
    const bits = () => random.below(2 ** random.below(33)) >>> 0;
    const column = (value: () => number) => Uint32Array.from({ length }, value);
    const what = column(() => ((bits() << 8) | random.below(128)) >>> 0);
    const chunk = { firstPosition: 0, length, what, handle: column(bits), size: column(bits) };
    const packed = packOperations(chunk);
    expect(asRows([unpackOperations(packed, length, 0)!])).toEqual(asRows([chunk]));
    expect(unpackOperations(packed, length + 1, 0)).toBeUndefined();
    expect(unpackOperations(packed.subarray(0, -1), length, 0)).toBeUndefined();
    packed[random.below(packed.length)] = random.below(256);
    unpackOperations(packed, length, 0);
  }
});

test('no mutation is accepted silently', async () => {
  const random = new Random(printedSeed('mutated .ops files'));
  const good = Buffer.from(await save(chunksOf(40, 10)));
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = mutated(good, random);
    if (bytes.equals(good)) continue;
    await refusal(bytes);
  }
});

function mutated(good: Buffer, random: Random): Buffer {
  const at = random.below(good.length);
  const length = 1 + random.below(40);
  switch (random.below(5)) {
    case 0: {
      const flipped = Buffer.from(good);
      flipped[at] = flipped[at]! ^ (1 << random.below(8));
      return flipped;
    }
    case 1:
      return good.subarray(0, at);
    case 2:
      return Buffer.concat([good.subarray(0, at), good.subarray(at + length)]);
    case 3:
      return Buffer.concat([good.subarray(0, at + length), good.subarray(at)]);
    default: {
      const overwritten = Buffer.from(good);
      for (let index = at; index < Math.min(good.length, at + length); index++)
        overwritten[index] = random.below(256);
      return overwritten;
    }
  }
}
