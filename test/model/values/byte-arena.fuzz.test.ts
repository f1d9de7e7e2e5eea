import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { latin1 } from '#slablab/src/base/latin1.js';
import { Heap } from '#slablab/src/model/heap/heap.js';
import { redisSds } from '#slablab/src/model/heap/sds.js';
import { SizeClasses } from '#slablab/src/model/heap/size-classes.js';
import { DataType } from '#slablab/src/model/heap/tag.js';
import { Settings } from '#slablab/src/model/settings/settings.js';
import { HashValue } from '#slablab/src/model/values/hash-value.js';
import { ListValue } from '#slablab/src/model/values/list-value.js';
import { LookupKey } from '#slablab/src/model/values/lookup-key.js';
import { RadixTree } from '#slablab/src/model/values/radix-tree.js';
import { SetValue } from '#slablab/src/model/values/set-value.js';
import { SortedSetValue } from '#slablab/src/model/values/sorted-set-value.js';
import { ValueContext } from '#slablab/src/model/values/value-context.js';
import { DEFAULT_VERSION, findServer } from '#slablab/src/model/versions/index.js';
import { OpWriter } from '#slablab/src/stream/index.js';
import { SIZE_CLASSES } from '../../support/redis.js';
import { printedSeed } from '../../support/seed.js';

const STEPS = 20_000;
const VERSIONS = ['redis-7.0', 'redis-7.2', 'valkey-8.0'];

function newSpace(version: string, seed: number): ValueContext {
  const server = findServer(version)!;
  const heap = new Heap(new OpWriter(), new SizeClasses(SIZE_CLASSES), redisSds);
  return new ValueContext(heap, server, new Settings(server), { hasChild: false }, new Random(seed), {
    unixMs: 0,
    isLoading: false,
  });
}

/** Short ones and integers mostly, now and then one that no listpack takes. */
function randomText(random: Random, of: number): string {
  const kind = random.below(40);
  const number = random.below(of);
  if (kind === 0) return `${'x'.repeat(60)}${number}`;
  if (kind === 1) return `${'y'.repeat(20 + (number % 40))}${number}`;
  if (kind < 10) return `${number - 20}`;
  return `m${number}`;
}

function at(text: string): LookupKey {
  return new LookupKey().setText(text);
}

function textOf(space: ValueContext, kept: number): string {
  const known = space.contents.known(kept);
  const text = latin1(known, 0, known.length);
  return space.contents.length(kept) > known.length ? `${text}…${space.contents.length(kept)}` : text;
}

/** As textOf has it. */
function abridged(text: string): string {
  return text.length > 60 ? `${text.slice(0, 32)}…${text.length}` : text;
}

describe.each(VERSIONS)('%s: what containers hold is what a naive model holds', (version) => {
  test('hash', () => {
    const seed = printedSeed(`hash, ${version}`);
    const random = new Random(seed);
    const space = newSpace(version, seed);
    const hash = new HashValue(space);
    const naive = new Map<string, string>();
    const fields = random.below(2) === 0 ? 100 : 2000;
    for (let step = 0; step < STEPS; step++) {
      const field = randomText(random, fields);
      if (random.below(3) === 0) {
        expect(hash.delete(at(field))).toBe(naive.delete(field));
      } else {
        const value = `${random.below(1000)}`;
        expect(hash.set(at(field), at(value))).toBe(!naive.has(field));
        naive.set(field, value);
      }
      expect(hash.size).toBe(naive.size);
    }
    const held = [...hash.entries()].map(
      ([name, code]) =>
        `${textOf(space, name)}=${latin1(hash.numberOfValue(code) ?? new Uint8Array(), 0, hash.lengthOfValue(code))}`,
    );
    expect(held.sort()).toEqual([...naive].map(([name, value]) => `${abridged(name)}=${value}`).sort());
    const copy = hash.copy(space.heap);
    expect(copy.size).toBe(hash.size);
    hash.free(space.heap);
    copy.free(space.heap);
    expect(space.heap.used).toBe(0);
  });

  test('set', () => {
    const seed = printedSeed(`set, ${version}`);
    const random = new Random(seed);
    const space = newSpace(version, seed);
    const set = SetValue.create(space, at('1'), 1);
    const naive = new Set<string>();
    for (let step = 0; step < STEPS; step++) {
      const onlyIntegers = step < STEPS / 4;
      const member = onlyIntegers ? `${random.below(700)}` : randomText(random, 2000);
      if (random.below(3) === 0) {
        expect(set.remove(at(member))).toBe(naive.delete(member));
      } else {
        expect(set.add(at(member))).toBe(!naive.has(member));
        naive.add(member);
      }
      if (step % 100 === 0) {
        const other = randomText(random, 2000);
        expect(set.has(at(other))).toBe(naive.has(other));
        if (naive.size > 0) {
          const { bytes, start, length } = set.random(new LookupKey());
          const known = latin1(bytes, start, start + Math.min(length, 32));
          expect([...naive].some((text) => text.length === length && text.startsWith(known))).toBe(true);
        }
      }
      expect(set.size).toBe(naive.size);
    }
    const copy = set.copy(space.heap);
    let seen = 0;
    copy.each(() => seen++);
    expect(seen).toBe(naive.size);
    set.free(space.heap);
    copy.free(space.heap);
    expect(space.heap.used).toBe(0);
  });

  test('sorted set', () => {
    const seed = printedSeed(`sorted set, ${version}`);
    const random = new Random(seed);
    const space = newSpace(version, seed);
    const set = SortedSetValue.create(space, 1, 1);
    const naive = new Map<string, number>();
    const inOrder = () =>
      [...naive].sort(([left, a], [right, b]) => a - b || (left < right ? -1 : left > right ? 1 : 0));
    for (let step = 0; step < STEPS / 4; step++) {
      // Short members only: of long ones the order is not known to the end.
      const member = `m${random.below(900)}`;
      const choice = random.below(6);
      if (choice === 0) {
        expect(set.remove(at(member))).toBe(naive.delete(member));
      } else if (choice === 1 && naive.size > 50 && step % 10 === 0) {
        const first = random.below(naive.size - 3);
        for (const [gone] of inOrder().slice(first, first + 3)) naive.delete(gone);
        if (random.below(2) === 0) set.removeRanks(first, 3);
        else set.removeRange(first, 3);
      } else {
        const score = random.below(200) / 4;
        expect(set.add(at(member), () => score)).toBe(!naive.has(member));
        naive.set(member, score);
      }
      expect(set.size).toBe(naive.size);
    }
    const held = set.slice(0, set.size).map(([name, score]) => [textOf(space, name), score]);
    expect(held).toEqual(inOrder());
    const rank = set.rankWhere((_, score) => score < 25);
    expect(rank).toBe(inOrder().filter(([, score]) => score < 25).length);
    const copy = set.copy(space.heap);
    copy.packIfSmall(4);
    set.free(space.heap);
    copy.free(space.heap);
    expect(space.heap.used).toBe(0);
  });

  test('list', () => {
    const seed = printedSeed(`list, ${version}`);
    const random = new Random(seed);
    const space = newSpace(version, seed);
    const list = new ListValue(space);
    const naive: string[] = [];
    for (let step = 0; step < STEPS / 4; step++) {
      const text = random.below(60) === 0 ? 'z'.repeat(random.below(12_000)) : randomText(random, 50);
      const index = random.below(naive.length + 1);
      const choice = random.below(12);
      if (choice < 3) {
        list.prepare(text.length, 1);
        list.push(at(text), 'head');
        naive.unshift(text);
      } else if (choice < 7) {
        list.prepare(text.length, 1);
        list.push(at(text), 'tail');
        naive.push(text);
      } else if (naive.length < 4) {
        continue;
      } else if (choice === 7) {
        list.pop('head');
        naive.shift();
      } else if (choice === 8 && index < naive.length) {
        const after = random.below(2) === 0;
        list.prepare(text.length, 1);
        list.insert(index, at(text), after);
        naive.splice(after ? index + 1 : index, 0, text);
      } else if (choice === 9 && index < naive.length) {
        list.prepare(text.length, 1);
        list.replace(index, at(text));
        naive[index] = text;
      } else if (choice === 10) {
        const fromTail = random.below(2) === 0;
        const count = random.below(3);
        const places = naive.flatMap((other, place) => (other === text ? [place] : []));
        const ordered = fromTail ? places.reverse() : places;
        const gone = count === 0 ? ordered : ordered.slice(0, count);
        expect(list.remove(at(text), count, fromTail ? 'tail' : 'head')).toBe(gone.length);
        for (const place of gone.sort((left, right) => right - left)) naive.splice(place, 1);
      } else {
        const count = random.below(4);
        list.deleteRange(index, count);
        naive.splice(index, count);
      }
      list.settle();
      expect(list.size).toBe(naive.length);
    }
    expect([...list.elements()].map((kept) => textOf(space, kept))).toEqual(naive.map(abridged));
    const copy = list.copy();
    expect([...copy.elements()].map((kept) => textOf(space, kept))).toEqual(naive.map(abridged));
    for (const index of [0, naive.length - 1, naive.length >> 1]) {
      expect(textOf(space, list.at(index))).toBe(abridged(naive[index]!));
    }
    list.free(space.heap);
    copy.free(space.heap);
    expect(space.heap.used).toBe(0);
  });
});

test('a radix tree finds what was put in and leaves nothing behind', () => {
  const seed = printedSeed('radix tree');
  const random = new Random(seed);
  const heap = new Heap(new OpWriter(), new SizeClasses(SIZE_CLASSES), redisSds);
  const tree = new RadixTree<number>(heap, DEFAULT_VERSION.sizes, DataType.stream);
  const naive = new Map<string, number>();
  for (let step = 0; step < STEPS; step++) {
    const key = Array.from({ length: 1 + random.below(6) }, () => 'abc'[random.below(3)]).join('');
    const bytes = new TextEncoder().encode(key);
    if (random.below(2) === 0) {
      expect(tree.remove(bytes)).toBe(naive.get(key));
      naive.delete(key);
    } else {
      expect(tree.insert(bytes, step)).toBe(!naive.has(key));
      naive.set(key, step);
    }
    expect(tree.size).toBe(naive.size);
    if (step % 50 === 0) {
      const inOrder = [...naive].sort(([left], [right]) => (left < right ? -1 : 1));
      expect([...tree.values()]).toEqual(inOrder.map(([, value]) => value));
    }
  }
  for (const key of naive.keys()) tree.remove(new TextEncoder().encode(key));
  expect(tree.nodes).toBe(1);
  tree.free(heap, () => {});
  expect(heap.used).toBe(0);
});

test('a copy of a hash is the same when the memory of both moves meanwhile', () => {
  const space = newSpace('redis-7.2', 1);
  const hash = new HashValue(space);
  const textOfField = (number: number) => `${'f'.repeat(number % 64)}${number}`;
  for (let number = 0; number < 15_000; number++) hash.set(at(textOfField(number)), at(`${number}`));
  const copy = hash.copy(space.heap);
  const texts = [...copy.entries()].map(([name, code]) => [textOf(space, name), hash.numberOfValue(code)]);
  expect(texts.length).toBe(15_000);
  const latin1Number = (bytes: unknown) => latin1(bytes as Uint8Array, 0, (bytes as Uint8Array).length);
  for (const [text, bytes] of texts) expect(text).toBe(abridged(textOfField(Number(latin1Number(bytes)))));
});
