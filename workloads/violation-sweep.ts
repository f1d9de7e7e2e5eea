import { MIB, Random } from '../src/base/index.js';
import { OpWriter } from '../src/stream/index.js';
import type { KnownFigure } from './known.js';
import { integer, share } from './parameter.js';
import { defineWorkload } from './workload.js';

const PHASES = [
  { name: 'start', meaning: 'nothing has been asked for' },
  { name: 'streamed', meaning: 'epochs have opened and closed one after the other, as in the publication' },
  { name: 'opened', meaning: 'as many epochs again are open at once, each a slab of its own: the cohort' },
  { name: 'closed', meaning: 'these are closed, too' },
] as const;

/** The cost of a session in the publication, with slabs of 4,096 bytes and ten objects each. */
const PUBLISHED_BYTES_PER_SESSION = 409.6;
const PUBLISHED_EPOCHS = 100_000;
const PUBLISHED_SESSION = 384;

/**
 * Requests live in epochs. With probability p an epoch also has a session, which outlives it. Slabs are the memory of
 * epochs in two ways.
 *
 * If epochs are streamed, jemalloc fills the holes of one epoch with the next, so only the sessions grow. If all epochs
 * are open at once, each fills exactly one slab. A slab is then drained if and only if its epoch had no session, and
 * DSR = 1 - p.
 */
export const violationSweep = defineWorkload({
  name: 'violation-sweep',
  summary: '200,000 requests in 100,000 epochs; a share p of epochs is given an object that outlives it',
  source:
    'Blackwell, Drainability: a structural condition (2026), P-sweep; drainability-profiler, psweep_validation.c',
  shows:
    'growth is linear in p: 0.12 / 2.12 / 4.25 / 10.4 / 20.5 / 41 MB at p = 0 / .05 / .1 / .25 / .5 / 1; DSR = 1 - p. ' +
    "The bytes per session are the configuration's; the line is the law",
  parameters: {
    p: share(0.25, 'share of epochs that are given a session'),
    epochs: integer(100_000, 1, 10_000_000, 'epochs, in each of the two parts'),
    requests: integer(2, 1, 1000, 'requests per epoch, in the streamed part'),
    requestBytes: integer(128, 8, 14_336, 'bytes of a request'),
    sessionBytes: integer(PUBLISHED_SESSION, 8, 14_336, 'bytes of a session'),
    seed: integer(1, 0, 4_294_967_295, 'which epochs'),
  },
  phases: PHASES,

  estimateOperations: ({ epochs, requests, p }) => epochs * (2 * requests + p + 8 - p),

  *operations({ p, epochs, requests, requestBytes, sessionBytes, seed }, { build }) {
    const writer = new OpWriter();
    const random = new Random(seed);
    writer.sweep(0);
    const handles = new Uint32Array(requests);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const hasSession = random.share() < p;
      for (let index = 0; index < requests; index++) handles[index] = writer.malloc(requestBytes);
      if (hasSession) writer.malloc(sessionBytes);
      for (const handle of handles) writer.free(handle);
      if (writer.full) yield* writer.takeFull();
    }
    writer.sweep(1);
    const { size, regions } = epochSlab(build);
    const open = new Uint32Array(epochs * regions);
    for (let index = 0; index < open.length; index++) {
      open[index] = writer.malloc(size);
      if (writer.full) yield* writer.takeFull();
    }
    writer.mark();
    writer.sweep(2);
    for (let at = 0; at < open.length; at += regions) {
      // The session is whichever object the epoch keeps.
      const kept = random.share() < p ? 1 : 0;
      for (let index = kept; index < regions; index++) writer.free(open[at + index]!);
      if (writer.full) yield* writer.takeFull();
    }
    // The regions that the last frees left parked belong to closed epochs.
    writer.flushTcache();
    writer.sweep(3);
    yield* writer.takeAll();
  },

  known: (values) => [
    ...(values.epochs === PUBLISHED_EPOCHS && values.sessionBytes === PUBLISHED_SESSION
      ? [growth(values.p)]
      : []),
    satisfied(values.p, values.epochs),
  ],
});

/** The class of four regions to a page: 1,024 bytes where pages are 4 KiB. */
function epochSlab({ sizeClasses, regionsPerSlab, pagesPerSlab }: SlabGeometry): {
  readonly size: number;
  readonly regions: number;
} {
  const index = regionsPerSlab.findIndex((regions, at) => regions === 4 && pagesPerSlab[at] === 1);
  return { size: sizeClasses[index]!, regions: 4 };
}

interface SlabGeometry {
  readonly sizeClasses: readonly number[];
  readonly regionsPerSlab: readonly number[];
  readonly pagesPerSlab: readonly number[];
}

function growth(p: number): KnownFigure {
  const published = p * PUBLISHED_EPOCHS * PUBLISHED_BYTES_PER_SESSION;
  return {
    figure: 'growth of active memory while epochs stream by',
    unit: 'bytes',
    stated: `41.0 MB times p, which is ${(published / 1e6).toFixed(2)} MB here`,
    // Their slab holds ten sessions in 4,096 bytes, jemalloc's 32 in 12,288: 384 bytes each. And the first slabs.
    min: published * 0.9,
    max: published * 1.02 + MIB / 4,
    measure: (at) => {
      const before = at('start');
      const after = at('streamed');
      return before && after && after.memory.active - before.memory.active;
    },
  };
}

/** Each epoch is a trial of its own: five standard deviations, and the few slabs in flight. */
function satisfied(p: number, epochs: number): KnownFigure {
  const tolerance = 5 * Math.sqrt((p * (1 - p)) / epochs) + 5 / epochs;
  return {
    figure: 'DSR of the epochs that were open at once',
    unit: 'share',
    stated: `1 - p, which is ${(1 - p).toFixed(3)} here`,
    min: 1 - p - tolerance,
    max: 1 - p + tolerance,
    measure: (at) => {
      const bins = at('closed')?.bins.filter(({ regs, pages }) => regs === 4 && pages === 1);
      const bin = bins?.[0];
      return bin && bin.cohortDrained / bin.cohort;
    },
  };
}
