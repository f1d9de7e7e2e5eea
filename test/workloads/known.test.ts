import { describe, expect, test } from 'vitest';
import { compareWithKnown, type KnownFigure, type PhaseFigures } from '#slablab/workloads/index.js';

const PHASES = [{ name: 'full', drainprof: { tracked: 50 } }] as unknown as PhaseFigures[];

function slabs(rest: Partial<KnownFigure>): KnownFigure {
  const measure: KnownFigure['measure'] = (at) => at('full')?.drainprof.tracked;
  return { figure: 'slabs', unit: 'count', stated: 'fifty', measure, ...rest };
}

describe('a known figure', () => {
  test.each([
    [{ min: 50, max: 50 }, true],
    [{ min: 51 }, false],
    [{ max: 49 }, false],
    [{ min: 1 }, true],
    [{}, true],
  ])('%j', (range, isWithin) => {
    expect(compareWithKnown([slabs(range)], PHASES)[0]).toMatchObject({ lab: 50, isWithin });
  });

  test('is explained only where it differs', () => {
    const explanation = 'another version';
    const [within] = compareWithKnown([slabs({ max: 50, explanation })], PHASES);
    const [differs] = compareWithKnown([slabs({ max: 49, explanation })], PHASES);
    expect(within).not.toHaveProperty('explanation');
    expect(differs).toMatchObject({ explanation });
  });

  test('of a phase that a run did not reach is not measured, and not within', () => {
    expect(compareWithKnown([slabs({ max: 99 })], [])[0]).toMatchObject({ lab: null, isWithin: false });
  });
});
