/** Divides the cells of a sweep among machines that do not know each other. */
import { InputError } from '../base/index.js';
import type { BuildInfo } from '../engine/index.js';
import type { Cell } from './grid/grid.js';
import { slicesOf } from './pool/slices.js';

/** One of the parts into which a sweep is divided. */
export interface Shard {
  /** Counts from 1. */
  readonly number: number;
  readonly of: number;
}

const MAX_SHARDS = 10_000;

/** Reads a text like `2/5`. */
export function parseShard(text: string): Shard {
  const [, number = '', of = ''] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (of !== '' && shard.number >= 1 && shard.number <= shard.of && shard.of <= MAX_SHARDS) return shard;
  throw new InputError(
    `--shard ${text}: write the number of the part and the number of parts, from 1/1 to ${MAX_SHARDS}/${MAX_SHARDS}, ` +
      'for example 2/5',
  );
}

/** Returns the name of a part in the names of its files. */
export function shardName({ number, of }: Shard): string {
  return `shard-${number}-of-${of}`;
}

/**
 * Returns the numbers of a part's cells, ascending. Cells that share a stream stay together as far as the parts stay of
 * one size. Every machine with the same builds divides a sweep in the same way.
 */
export function cellsOfShard(
  cells: readonly Cell[],
  builds: ReadonlyMap<string, BuildInfo>,
  { number, of }: Shard,
): number[] {
  const parts: number[][] = Array.from({ length: of }, () => []);
  const most = Math.max(1, Math.floor(cells.length / (2 * of)));
  for (const slice of slicesOf(cells, builds, most)) {
    const smallest = parts.reduce((least, part) => (part.length < least.length ? part : least));
    smallest.push(...slice.map(({ cell }) => cell));
  }
  return parts[number - 1]!.sort((a, b) => a - b);
}
