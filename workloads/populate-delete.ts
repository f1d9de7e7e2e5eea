/** DEBUG POPULATE, then DEL of some of the keys: the common part of scattered-delete and scattered-small. */
import { Random } from '../src/base/index.js';
import { type Command, CommandWriter } from '../src/commands/index.js';
import type { ServerVersion } from '../src/model/index.js';
import { stringContents } from './string-contents.js';
import type { Content, Phase, PhaseEnd } from './workload.js';

export const ORDERS = ['odd', 'random', 'sequential'] as const;
type Order = (typeof ORDERS)[number];

export interface PopulateDelete {
  readonly keys: number;
  readonly valueBytes: number;
  readonly order: Order;
  readonly drop: number;
  readonly seed: number;
}

export const POPULATE_DELETE_PHASES: readonly Phase[] = [
  { name: 'populated', meaning: 'all keys are there; the slabs open now are the cohort' },
  { name: 'deleted', meaning: 'the dropped keys are gone' },
];

export function* populateDelete(values: PopulateDelete): Generator<Command | PhaseEnd> {
  const words = new CommandWriter();
  yield words.words('DEBUG', 'POPULATE', `${values.keys}`, 'key', `${values.valueBytes}`);
  yield { phase: 'populated', isMark: true };
  for (const index of keysToDelete(values)) yield words.words('DEL', `key:${index}`);
  yield { phase: 'deleted' };
}

export function populatedContents(keys: number, valueBytes: number, server: ServerVersion): Content[] {
  const lastDigits = `${keys - 1}`.length;
  const valueLength = valueBytes === 0 ? 'value:'.length + lastDigits : valueBytes;
  return stringContents(server, 'key:'.length + lastDigits, valueLength);
}

export function estimatePopulateDelete(keys: number, drop: number): number {
  // Approximate number of operations before a server's first client.
  return 14_200 + keys * 6 + Math.round(keys * drop) * 10;
}

/** The keys to delete by number, in the order of their deletion. */
function keysToDelete({ order, keys, drop, seed }: PopulateDelete): Uint32Array {
  const isOdd = order === 'odd';
  const rows = new Uint32Array(isOdd ? keys >>> 1 : keys);
  for (let index = 0; index < rows.length; index++) rows[index] = isOdd ? 2 * index + 1 : index;
  const count = isOdd ? rows.length : Math.round(keys * drop);
  if (order === 'random') shuffleFirst(rows, count, new Random(seed));
  return rows.subarray(0, count);
}

/** Fisher-Yates as far as `count`: those rows are then a uniform sample in uniform order. */
export function shuffleFirst(rows: Uint32Array, count: number, random: Random): void {
  for (let index = 0; index < count; index++) {
    const other = index + random.below(rows.length - index);
    const row = rows[index]!;
    rows[index] = rows[other]!;
    rows[other] = row;
  }
}
