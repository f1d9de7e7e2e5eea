import type { KnownComparison } from '../../workloads/index.js';
import { wrap } from '../base/index.js';
import { FORMATS } from './units.js';

/** Returns the published figures, the figures of the lab, and the reasons for differences. */
export function knownLines(known: readonly KnownComparison[], width: number): string[] {
  return known.flatMap((comparison) => wrap(sentence(comparison), width));
}

function sentence(comparison: KnownComparison): string {
  const { figure, stated, unit, lab, isWithin, explanation } = comparison;
  const head = `Known result, ${figure}: published ${stated}`;
  if (lab === null) return `${head}; the run did not get as far.`;
  const ours = `${head}; the lab has ${FORMATS[unit](lab)}, ${isWithin ? 'as expected' : 'but expected'}: `;
  const why = explanation === undefined ? '' : ` ${explanation}`;
  return `${ours}${expected(comparison)}.${why}`;
}

function expected({ min, max, unit }: KnownComparison): string {
  const format = FORMATS[unit];
  if (min === null) return max === null ? 'any' : `at most ${format(max)}`;
  return max === null ? `at least ${format(min)}` : `${format(min)} to ${format(max)}`;
}
