import { randomLogNormal, randomNormal } from 'd3-random';
import type { Random } from '../../src/base/index.js';
import type { Place } from './place.js';

/** Whole numbers drawn one after the other. */
export type Draw = () => number;

/** A distribution as it was declared: made into draws with a source of chance. */
export interface Distribution {
  /** Near enough, for estimates. */
  readonly typical: number;
  draws(random: Random): Draw;
}

const KINDS = ['uniform', 'normal', 'lognormal'] as const;

/**
 * A number; {"uniform": [from, to]}; {"normal": {mean, deviation}} or {"lognormal": {median, sigma}}, both with `min` and
 * `max` that what is drawn is cut to.
 */
export function readDistribution(place: Place, min: number, max: number): Distribution {
  if (typeof place.value !== 'object' || place.value === null) {
    const value = place.number(min, max);
    return { typical: value, draws: () => () => value };
  }
  const field = place.object(KINDS);
  const given = KINDS.filter((kind) => !field(kind).isMissing);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    throw place.refuse(`give a number or one of: ${KINDS.join(', ')}`);
  }
  if (kind === 'uniform') return uniform(field(kind), min, max);
  return kind === 'normal' ? normal(field(kind), min, max) : lognormal(field(kind), min, max);
}

function uniform(place: Place, min: number, max: number): Distribution {
  const [from, to, ...more] = place.list();
  if (from === undefined || to === undefined || more.length > 0) {
    throw place.refuse('give two numbers, [from, to]');
  }
  const low = from.number(min, max);
  const high = to.number(low, max);
  return { typical: (low + high) / 2, draws: (random) => () => low + random.below(high - low + 1) };
}

function normal(place: Place, min: number, max: number): Distribution {
  const field = place.object(['mean', 'deviation', 'min', 'max']);
  const mean = field('mean').number(min, max, false);
  const deviation = field('deviation').number(0, max, false);
  const cut = bounds(field, min, max);
  return {
    typical: mean,
    draws: (random) => cutDraw(randomNormal.source(() => random.share())(mean, deviation), cut),
  };
}

function lognormal(place: Place, min: number, max: number): Distribution {
  const field = place.object(['median', 'sigma', 'min', 'max']);
  const median = field('median').number(Math.max(min, 1), max, false);
  const sigma = field('sigma').number(0, 10, false);
  const cut = bounds(field, min, max);
  return {
    typical: median * Math.exp((sigma * sigma) / 2),
    draws: (random) => cutDraw(randomLogNormal.source(() => random.share())(Math.log(median), sigma), cut),
  };
}

type Bounds = readonly [low: number, high: number];

function bounds(field: (name: string) => Place, min: number, max: number): Bounds {
  const low = field('min').isMissing ? min : field('min').number(min, max);
  return [low, field('max').isMissing ? max : field('max').number(low, max)];
}

function cutDraw(draw: () => number, [low, high]: Bounds): Draw {
  return () => Math.min(high, Math.max(low, Math.round(draw())));
}

/** Indexes 0 … count - 1, of which number i is drawn with a probability in proportion to 1 / (i + 1)^exponent. */
export function zipf(count: number, exponent: number, random: Random): Draw {
  const upTo = new Float64Array(count);
  let total = 0;
  for (let index = 0; index < count; index++) {
    total += (index + 1) ** -exponent;
    upTo[index] = total;
  }
  return () => {
    const wanted = random.share() * total;
    // Not firstIndexWhere: its condition would box the drawn number, and a draw take a fifth longer.
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (upTo[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
