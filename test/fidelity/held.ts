/**
 * The model held to real servers: after each stream, what it added to an idle server is compared class by class.
 *
 * One rule for all: the lab's one run against one run of the server, whichever it was; neither the nearer of several nor
 * a mean. What two runs of the server differ by is in each recording (`runToRun`), and well below the limits.
 */
import { describe, expect, test } from 'vitest';
import { exceeded, type Measures } from '#slablab/src/verify/server-comparison.js';
import { accuracyRow, writtenRow } from './accuracy.js';
import { againstRecorded, type ModelRun, modelOf, modelRun } from './model.js';
import { type Recording, recording } from './recorded.js';
import { type FidelityStream, STREAMS } from './streams.js';

/** Shares; of all slabs, of all regions, of used_memory. Part of what the lab promises: never to be loosened. */
const LIMITS: Measures = { slabs: 0.01, regions: 0.005, usedMemory: 0.005 };

/** The limits, or twice what two runs of the server differ by, where hash seeds make them differ by more. */
export function limitsOfSeeded({ runToRun: { sinceIdle } }: Recording): Measures {
  return {
    slabs: Math.max(LIMITS.slabs, 2 * sinceIdle.slabs),
    regions: Math.max(LIMITS.regions, 2 * sinceIdle.regions),
    usedMemory: Math.max(LIMITS.usedMemory, 2 * sinceIdle.usedMemory),
  };
}

export function expectWithin(measures: Measures, limits = LIMITS): void {
  expect(exceeded(measures, limits), JSON.stringify(measures)).toEqual([]);
}

/** One test for each stream against what `server` (redis-7.0.15) was recorded to hold. Gives the lab's runs. */
export function describeAsRecorded(
  server: string,
  limitsFor: (recording: Recording) => Measures = () => LIMITS,
  /** Of the figures with what was there from the start, if the start-up of a younger model is further away. */
  ofAll?: Measures,
): ReadonlyMap<FidelityStream, ModelRun> {
  const runs = new Map<FidelityStream, ModelRun>();
  describe(`as ${server} was recorded`, () => {
    const held = STREAMS.filter(({ servers }) => servers?.includes(server) ?? true);
    test.each(held)('$name', async (stream) => {
      const recorded = await recording(server, stream.name);
      const { server: version, build } = modelOf(recorded);
      const model = await modelRun(stream, version, build, recorded.settleMs);
      runs.set(stream, model);
      expect([...model.unknown]).toEqual([]);
      const { sinceIdle, absolute } = againstRecorded(model, recorded);
      const limits = limitsFor(recorded);
      expectWithin(sinceIdle.measures, limits);
      // The published table is current; `make accuracy` writes it.
      expect(await writtenRow(server, stream.name)).toBe(accuracyRow(recorded, sinceIdle.measures));
      // With what was there from the start. A server tells used_memory while it answers, with 20 KB of query buffer more.
      expectWithin({ ...absolute.measures, usedMemory: 0 }, ofAll ?? limits);
    });
  });
  return runs;
}
