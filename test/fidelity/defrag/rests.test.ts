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
      const servers = [{ ...real.after, slabs: slabsOf(real.after), hits: real.hits }, ...recorded.others];
      const ours = { ...lab.after, slabs: slabsOf(lab.after), hits: lab.hits };
      const ratio = ({ active, allocated }: { readonly active: number; readonly allocated: number }) =>
        active / allocated;
      const ratios = servers.map(ratio);
      expect(beyond(ratio(ours), ratios), `${ratio(ours)} beside ${ratios}`).toBeLessThan(
        FRAGMENTATION_APART,
      );
      expectNear(ours, servers, 'slabs', SLABS_APART);
      // Redis 7.0 does not count the entries of tables that it moves, and the lab does.
      if (model !== 'redis-7.0') expectNear(ours, servers, 'hits', HITS_APART);
    },
  );
});

/** How far a figure is beyond those of the servers, which differ by whole passes and by what their tcaches hold. */
function beyond(figure: number, servers: readonly number[]): number {
  return Math.max(Math.min(...servers) - figure, figure - Math.max(...servers));
}

type Counts = Readonly<Record<'slabs' | 'hits', number>>;

function expectNear(lab: Counts, servers: readonly Counts[], what: keyof Counts, apart: number): void {
  const figures = servers.map((one) => one[what]);
  const far = beyond(lab[what], figures) / Math.max(...figures);
  expect(far, `${what}: ${lab[what]} beside ${figures.join(', ')}`).toBeLessThan(apart);
}
