import { parseDouble } from '../../base/index.js';
import { SYNTAX_ERROR } from '../error-texts.js';
import type { RequestWords } from '../request-words.js';

export type Operation = 'union' | 'inter' | 'diff';

const AGGREGATES = ['SUM', 'MIN', 'MAX'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export interface Combination {
  /** The weight of each key. */
  readonly weights: readonly number[];
  readonly aggregate: Aggregate;
  readonly withScores: boolean;
}

/** Parses the options of ZUNION, ZINTER, ZDIFF and their STORE forms from word `from` on. */
export function parseCombination(
  words: RequestWords,
  from: number,
  keys: number,
  operation: Operation,
  stores: boolean,
): Combination | string {
  let weights = new Array<number>(keys).fill(1);
  let aggregate: Aggregate = 'SUM';
  let withScores = false;
  for (let index = from; index < words.count; index++) {
    const left = words.count - index - 1;
    if (operation !== 'diff' && words.is(index, 'WEIGHTS') && left >= keys) {
      const given = Array.from({ length: keys }, (_, key) => parseDouble(words.text(index + 1 + key)));
      if (given.includes(undefined)) return 'ERR weight value is not a float';
      weights = given as number[];
      index += keys;
    } else if (operation !== 'diff' && words.is(index, 'AGGREGATE') && left >= 1) {
      index++;
      const given = AGGREGATES.find((word) => words.is(index, word));
      if (given === undefined) return SYNTAX_ERROR;
      aggregate = given;
    } else if (!stores && words.is(index, 'WITHSCORES')) {
      withScores = true;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return { weights, aggregate, withScores };
}

/** Returns a product in which infinity times 0 is 0. */
export function weighted(score: number, weight: number): number {
  const product = score * weight;
  return Number.isNaN(product) ? 0 : product;
}

/** Returns an aggregate in which infinity and its opposite sum up to 0. */
export function aggregated(aggregate: Aggregate, left: number, right: number): number {
  if (aggregate === 'MIN') return Math.min(left, right);
  if (aggregate === 'MAX') return Math.max(left, right);
  const sum = left + right;
  return Number.isNaN(sum) ? 0 : sum;
}
