/** Active defragmentation until it rests, beside recorded servers with their own jemalloc (README.md). */
import { describe, expect, test } from 'vitest';
import { modelOf } from '../model.js';
import { digestOf } from '../stream-digest.js';
import { labAtRest, slabsOf } from './at-rest.js';
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
      const ratio = ({ active, allocated }: { readonly active: number; readonly allocated: number }) =>
        active / allocated;
      const { again } = recorded;
      const [ours, ...theirs] = [lab.after, real.after, again].map(ratio);
      expect(
        Math.min(...theirs.map((one) => Math.abs(ours! - one))),
        `${ours} beside ${theirs}`,
      ).toBeLessThan(FRAGMENTATION_APART);
      expectNear(slabsOf(lab.after), [slabsOf(real.after), again.slabs], SLABS_APART, 'slabs');
      // Redis 7.0 does not count the entries of tables that it moves, and the lab does.
      if (model !== 'redis-7.0') expectNear(lab.hits, [real.hits, again.hits], HITS_APART, 'hits');
    },
  );
});

/** Two servers are apart by a whole pass if the first one ends close to the threshold. The nearer one counts. */
function expectNear(lab: number, servers: readonly number[], apart: number, what: string): void {
  const distances = servers.map((one) => Math.abs(lab / one - 1));
  expect(Math.min(...distances), `${what}: ${lab} beside ${servers.join(' and ')}`).toBeLessThan(apart);
}
