import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '#slablab/src/base/index.js';
import { OutOfMemoryError, ReconciliationError, StreamError } from '#slablab/src/engine/engine-errors.js';
import { opsFileSource } from '#slablab/src/run/ops-file-source.js';
import { run } from '#slablab/src/run/run.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import type { RunSource } from '#slablab/src/run/run-source.js';
import { type OpChunk, OpWriter } from '#slablab/src/stream/index.js';
import { OpsFileWriter } from '#slablab/src/stream/ops-file/ops-file-disk.js';
import { NaiveEngine } from '../support/naive-engine.js';
import { naiveRun } from '../support/naive-run.js';
import { asRows } from '../support/operations.js';

const OPTIONS = { conf: '', hooks: 'complete', sweepEvery: 0 } as const;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-run-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** A source of given chunks, with a stumble at the end if asked for. */
function sourceOf(chunks: readonly OpChunk[], stumble?: Error): RunSource {
  return {
    metadata: { workload: 'test', server: 'redis-7.2', parameters: {}, phases: ['one', 'two'] },
    contents: [],
    isModelled: false,
    estimatedOperations: undefined,
    hasEndPhase: false,
    async *open() {
      yield* chunks;
      if (stumble !== undefined) throw stumble;
    },
    commandsUpTo: () => 0,
    close: async () => {},
  };
}

function chunksOf(write: (writer: OpWriter) => void, capacity = 4): OpChunk[] {
  const writer = new OpWriter(capacity);
  write(writer);
  return writer.takeAll();
}

function withoutTiming({ timing: _, ...rest }: RunResult): unknown {
  return rest;
}

describe('run', () => {
  test('an engine begins with a chunk before the next one is produced, so that a worker replays meanwhile', async () => {
    const chunks = chunksOf((writer) => {
      for (let count = 0; count < 12; count++) writer.malloc(100);
    });
    const events: string[] = [];
    const source: RunSource = {
      ...sourceOf([]),
      *open() {
        for (const chunk of chunks) {
          events.push(`produced ${chunk.firstPosition}`);
          yield chunk;
        }
      },
    };
    const engine = new NaiveEngine();
    const replay = engine.replay.bind(engine);
    engine.replay = (chunk) => {
      events.push(`begun ${chunk.firstPosition}`);
      return replay(chunk);
    };
    const { failure } = await run(source, engine, { ...OPTIONS, beforeStep: () => setImmediate() });
    expect(failure).toBeNull();
    expect(events).toEqual([0, 4, 8].flatMap((position) => [`produced ${position}`, `begun ${position}`]));
  });

  test('collects the phases of a workload', async () => {
    const { result, failure, operations } = await naiveRun(['keys=100']);
    expect(failure).toBeNull();
    expect(result).toMatchObject({
      schema: 'slablab.run/1',
      workload: 'scattered-delete',
      parameters: { keys: 100, valueBytes: 1000, order: 'odd', drop: 0.5, seed: 1 },
      server: 'redis-7.2',
      build: 'naive',
      jemalloc: 'none',
      conf: '',
      hooks: 'complete',
      runtime: 'wasm',
    });
    expect(result.phases.map(({ name, commands }) => [name, commands])).toEqual([
      ['populated', 1],
      ['deleted', 50],
    ]);
    const [populated, deleted] = result.phases;
    expect(populated?.operations).toBe(populated?.position);
    expect(deleted?.operations).toBe((deleted?.position ?? 0) - (populated?.position ?? 0));
    // The last operation is the sweep itself.
    expect(operations).toBe((deleted?.position ?? 0) + 1);
    expect(result.error).toBeUndefined();
  });

  test('same input, same result outside timing', async () => {
    const [a, b] = [
      await naiveRun(['keys=500', 'order=random']),
      await naiveRun(['keys=500', 'order=random']),
    ];
    expect(JSON.stringify(withoutTiming(a.result))).toBe(JSON.stringify(withoutTiming(b.result)));
  });

  test('an empty stream has no phases', async () => {
    const { result, failure } = await run(sourceOf([]), new NaiveEngine(), OPTIONS);
    expect(failure).toBeNull();
    expect(result.phases).toEqual([]);
  });

  test('a sweep that the metadata does not name', async () => {
    const chunks = chunksOf((writer) => writer.sweep(9));
    const { result } = await run(sourceOf(chunks), new NaiveEngine(), OPTIONS);
    expect(result.phases.map(({ name }) => name)).toEqual(['phase-9']);
  });
});

describe('--sweep-every', () => {
  test.each([1, 7, 1000, 65_536, 1_000_000])(
    'every %i operations, without changing the stream',
    async (sweepEvery) => {
      const keys = sweepEvery < 100 ? 20 : 1000;
      const plain = await naiveRun([`keys=${keys}`]);
      const { result, engine, operations } = await naiveRun([`keys=${keys}`], { sweepEvery });
      expect(asRows(engine.replayed)).toEqual(asRows(plain.engine.replayed));
      const extra = result.phases.filter(({ name }) => name.startsWith('sweep-'));
      expect(extra.map(({ name, position }) => [name, position])).toEqual(
        Array.from({ length: Math.floor(operations / sweepEvery) }, (_, index) => [
          `sweep-${index + 1}`,
          (index + 1) * sweepEvery,
        ]),
      );
      const sum = (value: 'operations' | 'commands') =>
        result.phases.reduce((total, phase) => total + phase[value], 0);
      expect(sum('operations')).toBe(result.phases.at(-1)?.position);
      expect(sum('commands')).toBe(1 + keys / 2);
      const named = result.phases.filter(({ name }) => !name.startsWith('sweep-'));
      expect(named.map(({ memory }) => memory)).toEqual(plain.result.phases.map(({ memory }) => memory));
    },
  );

  test('pieces of a chunk have buffers of their own, so that each can be transferred', async () => {
    const { engine } = await naiveRun(['keys=100'], { sweepEvery: 100 });
    const buffers = engine.replayed.map(({ what }) => what.buffer);
    expect(new Set(buffers).size).toBe(buffers.length);
  });
});

describe('a run that ends early keeps the phases before', () => {
  test('malformed stream', async () => {
    const chunks = chunksOf((writer) => {
      writer.malloc(8);
      writer.sweep(0);
      writer.free(77);
      writer.sweep(1);
    });
    const { result, failure, operations } = await run(sourceOf(chunks), new NaiveEngine(), OPTIONS);
    expect(failure).toBeInstanceOf(StreamError);
    expect(result.phases.map(({ name }) => name)).toEqual(['one']);
    expect(result.error).toEqual({
      name: 'StreamError',
      message: 'position 2: free of unknown handle 77',
      position: 2,
    });
    expect(operations).toBe(2);
  });

  test('out of memory: a last phase shows what filled it', async () => {
    const { result, failure } = await naiveRun(['keys=400'], {}, { maxSlabs: 50 });
    expect(failure).toBeInstanceOf(OutOfMemoryError);
    expect(result.phases.map(({ name }) => name)).toEqual(['out-of-memory']);
    expect(result.phases[0]?.drainprof.tracked).toBe(50);
    expect(result.error?.position).toBe(result.phases[0]?.position);
  });

  test('a ledger that does not reconcile, at the survey after out of memory too', async () => {
    class Broken extends NaiveEngine {
      override async survey(): Promise<never> {
        throw new ReconciliationError('slab at page 7: 1 live, but 2 in the bitmap');
      }
    }
    const chunks = chunksOf((writer) => {
      for (let index = 0; index < 10; index++) writer.malloc(1024);
    });
    const { failure, result } = await run(sourceOf(chunks), new Broken({ maxSlabs: 1 }), OPTIONS);
    expect(failure).toBeInstanceOf(ReconciliationError);
    expect(result.error).toEqual({
      name: 'ReconciliationError',
      message: 'slab at page 7: 1 live, but 2 in the bitmap',
      position: null,
    });
  });

  test('a source that cannot be read on', async () => {
    const chunks = chunksOf((writer) => {
      for (let index = 0; index < 9; index++) writer.malloc(8);
      writer.sweep(0);
    });
    const stumble = new InputError('x.ops: byte 99: truncated in chunk 4');
    const { result, failure } = await run(sourceOf(chunks, stumble), new NaiveEngine(), OPTIONS);
    expect(failure).toBe(stumble);
    expect(result.phases.map(({ name }) => name)).toEqual(['one']);
  });

  test('of two failures the earlier in the stream counts', async () => {
    const chunks = chunksOf((writer) => writer.free(5));
    const { failure } = await run(sourceOf(chunks, new InputError('later')), new NaiveEngine(), OPTIONS);
    expect(failure).toBeInstanceOf(StreamError);
  });

  test('a defect is not taken for bad input', async () => {
    await expect(run(sourceOf([], new TypeError('a defect')), new NaiveEngine(), OPTIONS)).rejects.toThrow(
      TypeError,
    );
  });
});

describe('saved streams', () => {
  test('replay to the same phases, and end with `end`', async () => {
    const path = join(directory, 'half.ops');
    const saved = await opsFileOf(path, ['keys=3000', 'order=random']);
    const source = await opsFileSource(path);
    const { result, failure } = await run(source, new NaiveEngine(), { ...OPTIONS, sweepEvery: 0 });
    await source.close();
    expect(failure).toBeNull();
    expect(result.phases.map(({ name }) => name)).toEqual(['populated', 'deleted', 'end']);
    expect(result.workload).toBe('scattered-delete');
    expect(result.parameters).toEqual(saved.parameters);
    for (const index of [0, 1]) {
      const { commands: _, ...replayed } = result.phases[index]!;
      expect(saved.phases[index]).toMatchObject(replayed);
    }
    expect(result.phases[2]?.drainprof).toEqual(result.phases[1]?.drainprof);
  });

  async function opsFileOf(path: string, settings: string[]): Promise<RunResult> {
    const metadata = {
      workload: 'scattered-delete',
      server: 'redis-7.2',
      parameters: { keys: 3000, valueBytes: 1000, order: 'random', drop: 0.5, seed: 1 },
      phases: ['populated', 'deleted'],
    };
    const saveTo = await OpsFileWriter.create(path, metadata);
    const { result } = await naiveRun(settings, { saveTo });
    await saveTo.finish();
    return result;
  }
});
