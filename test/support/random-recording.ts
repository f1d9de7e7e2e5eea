import type { SlabOwners } from '#slablab/src/analysis/index.js';
import { Random } from '#slablab/src/base/index.js';
import type { ExtentColumns, GranuleColumns, RegionColumns } from '#slablab/src/engine/snapshot.js';
import type { Frame, Recording } from '#slablab/src/recording/index.js';
import type { RunHeader, RunResult } from '#slablab/src/run/run-result.js';
import { naiveRun } from './naive-run.js';

export function headerOf(result: RunResult): RunHeader {
  const {
    schema: _,
    certainty: __,
    phases: ___,
    known: ____,
    findings: _____,
    error: ______,
    timing: _______,
    ...about
  } = result;
  return about;
}

/** A real run's figures with columns that no allocator would come to. */
export async function randomRecording(random: Random): Promise<Recording> {
  const { result, engine, maps } = await naiveRun(['keys=50']);
  const classes = engine.info.sizeClasses.length;
  const totals = [...maps.values()][0]!;
  const frames = Array.from({ length: random.below(6) }, (_, number): Frame => {
    const granules = randomGranules(random, classes);
    return {
      phase: `sweep-${number} ü`,
      snapshot: {
        ...totals,
        position: random.word(),
        granules,
        unused: randomUnused(random),
        regions: random.below(2) === 0 ? null : randomRegions(random, granules.count),
      },
      owners: random.below(2) === 0 ? null : randomOwners(random, granules.count),
    };
  });
  return {
    about: headerOf(result),
    info: engine.info,
    frames,
    result: random.below(4) === 0 ? null : result,
  };
}

function randomGranules(random: Random, classes: number): GranuleColumns {
  const addresses = randomAddresses(random);
  const { count } = addresses;
  return {
    ...addresses,
    sizeClass: randomColumn(random, count, classes),
    arena: randomColumn(random, count),
    live: randomColumn(random, count),
    parked: randomColumn(random, count),
    free: randomColumn(random, count),
    openedMs: randomColumn(random, count),
    allocs: randomColumn(random, count),
    cohort: randomColumn(random, count, 2),
  };
}

function randomUnused(random: Random): ExtentColumns {
  const addresses = randomAddresses(random);
  const { count } = addresses;
  return { ...addresses, arena: randomColumn(random, count), state: randomColumn(random, count, 3) };
}

function randomAddresses(random: Random) {
  const count = random.below(3) === 0 ? random.below(3) : random.below(300);
  const pages = randomColumn(random, count, 1 + random.below(5_000_000)).map((length) => length + 1);
  let end = 0;
  const page = pages.map((length) => {
    const first = end + random.below(2) * random.below(1000);
    end = first + length;
    return first;
  });
  return { count, page, pages };
}

function randomRegions(random: Random, granules: number): RegionColumns {
  const first = randomFirst(random, granules);
  return { first, states: Uint8Array.from(randomColumn(random, first.at(-1)!, 3)) };
}

function randomOwners(random: Random, granules: number): SlabOwners {
  const names = Array.from({ length: 1 + random.below(500) }, (_, number) => `owner ${number} "\u0000é"`);
  const first = randomFirst(random, granules);
  const count = first.at(-1)!;
  const owner = Uint16Array.from(randomColumn(random, count, names.length));
  return { names, first, owner, regions: randomColumn(random, count) };
}

function randomFirst(random: Random, granules: number): Uint32Array<ArrayBuffer> {
  let end = 0;
  return Uint32Array.from({ length: granules + 1 }, (_, row) => {
    if (row > 0) end += random.below(4);
    return end;
  });
}

/** All the same, or up to a limit that one to four bytes hold. */
function randomColumn(random: Random, count: number, limit = 2 ** (8 * random.below(5))) {
  return new Uint32Array(count).map(() => random.below(limit));
}

/** Three frames with all there can be, and a result. */
export async function wholeRecording(): Promise<Recording> {
  for (let seed = 1; ; seed++) {
    const recording = await randomRecording(new Random(seed));
    const { frames, result } = recording;
    const hasAll = frames.some(({ owners, snapshot }) => owners !== null && snapshot.regions !== null);
    if (frames.length === 3 && result !== null && hasAll) return recording;
  }
}
