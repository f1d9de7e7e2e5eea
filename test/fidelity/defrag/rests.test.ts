/** Active defragmentation until it rests, beside recorded servers with their own jemalloc (README.md). */
import { describe, expect, test } from 'vitest';
import { modelOf } from '../model.js';
import { digestOf } from '../stream-digest.js';
import { type AtRest, labAtRest, slabsOf } from './at-rest.js';
import { atRestOf, recordedRests } from './recorded-rests.js';
import { STATES } from './states.js';

const FRAGMENTATION_APART = 0.02;
const SLABS_APART = 0.03;
const HITS_APART = 0.1;

describe.each(recordedRests())('$server.name', ({ server, states }) => {
  test.each(STATES.filter(({ name }) => name in states))(
    '$name: the defragger rests where that of the server does',
    async (state) => {
      const recorded = states[state.name]!;
      expect(digestOf(state)).toBe(recorded.digest);
      const { server: model, build } = modelOf({ server });
      const lab = await labAtRest(state, model, build);
      const real = atRestOf(recorded);
      const ratio = ({ after }: AtRest) => after.active / after.allocated;
      expect(Math.abs(ratio(lab) - ratio(real)), `${ratio(lab)} beside ${ratio(real)}`).toBeLessThan(
        FRAGMENTATION_APART,
      );
      expectNear(slabsOf(lab.after), slabsOf(real.after), SLABS_APART, 'slabs');
      expectNear(lab.hits, real.hits, HITS_APART, 'hits');
    },
  );
});

function expectNear(lab: number, real: number, apart: number, what: string): void {
  expect(Math.abs(lab / real - 1), `${what}: ${lab} beside ${real}`).toBeLessThan(apart);
}
