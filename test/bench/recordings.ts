/** Measures recordings: bytes per sweep on the disk, and the time to write and read one. */
import { openEngine } from '#slablab/src/engine/node.js';
import { encodeRecording, type Frame, type Recording, readRecording } from '#slablab/src/recording/index.js';
import { run, runHeader } from '../../src/run/run.js';
import { workloadSource } from '../../src/run/workload-source.js';
import { findWorkload, parseSettings } from '../../workloads/index.js';
import type { Leg } from './leg.js';
import { fastQuartileOfTimes } from './measured.js';

interface Subject {
  readonly workload: string;
  readonly settings: readonly string[];
  readonly sweepEvery: number;
}

const SUBJECTS: readonly Subject[] = [
  { workload: 'scattered-delete', settings: ['keys=400000', 'order=random'], sweepEvery: 200_000 },
  { workload: 'lru-two-sizes', settings: [], sweepEvery: 1_000_000 },
];

interface RecordingCosts {
  readonly workload: string;
  readonly sweeps: number;
  readonly slabsPerSweep: number;
  readonly bytesPerSlabAndSweep: number;
  readonly writeMsPer100k: number;
  readonly readMsPer100k: number;
}

const LAPS = 5;

export const costOfRecordings: Leg = {
  title: 'Recordings',
  about: 'A recording (`.slabs`) is written and read.',
  async measure() {
    const costs = await measureSubjects();
    const rows = costs.map(
      ({ workload, slabsPerSweep, bytesPerSlabAndSweep, writeMsPer100k, readMsPer100k }) => [
        workload,
        `${slabsPerSweep}`,
        bytesPerSlabAndSweep.toFixed(2),
        writeMsPer100k.toFixed(1),
        readMsPer100k.toFixed(1),
      ],
    );
    const caption = 'Bytes per slab and sweep; ms to write and read a sweep of 100,000 slabs';
    const columns = ['', 'slabs a sweep', 'bytes', 'write', 'read'];
    return { tables: [{ caption, columns, rows }], goals: [], figures: costs };
  },
};

async function measureSubjects(): Promise<RecordingCosts[]> {
  const all: RecordingCosts[] = [];
  for (const subject of SUBJECTS) {
    const recording = await recorded(subject);
    const slabs = recording.frames.reduce((sum, { snapshot }) => sum + snapshot.granules.count, 0);
    const writes: number[] = [];
    const reads: number[] = [];
    let bytes: Uint8Array[] = [];
    for (let lap = 0; lap < LAPS; lap++) {
      const started = performance.now();
      bytes = [];
      for await (const piece of encodeRecording(recording)) bytes.push(piece);
      const written = performance.now();
      const { damage } = await readRecording(each(bytes), { name: 'bench' });
      if (damage !== null) throw damage;
      writes.push(written - started);
      reads.push(performance.now() - written);
    }
    const size = bytes.reduce((sum, piece) => sum + piece.length, 0);
    const costs: RecordingCosts = {
      workload: subject.workload,
      sweeps: recording.frames.length,
      slabsPerSweep: Math.round(slabs / recording.frames.length),
      bytesPerSlabAndSweep: size / slabs,
      writeMsPer100k: (fastQuartileOfTimes(writes) / slabs) * 100_000,
      readMsPer100k: (fastQuartileOfTimes(reads) / slabs) * 100_000,
    };
    all.push(costs);
  }
  return all;
}

async function recorded({ workload, settings, sweepEvery }: Subject): Promise<Recording> {
  const found = findWorkload(workload);
  const source = workloadSource(found, parseSettings(found.parameters, settings));
  const options = { conf: '', hooks: 'complete', sweepEvery } as const;
  const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
  try {
    const frames: Frame[] = [];
    const keep = (phase: string, snapshot: Frame['snapshot']) =>
      frames.push({ phase, snapshot: structuredClone(snapshot), owners: null });
    const { result } = await run(source, engine, { ...options, onSnapshot: keep, onExtraSweep: keep });
    return { about: runHeader(source, engine, options), info: engine.info, frames, result };
  } finally {
    await engine.close();
  }
}

async function* each(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
