/** Traces of recorded programs through the command line. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Advice } from '#slablab/src/remedy/index.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { Kind, OpWriter } from '#slablab/src/stream/index.js';
import { OpsFileWriter } from '#slablab/src/stream/node.js';
import { slablab } from '../support/cli.js';
import { PROGRAM, writeBurst, writeTrace } from '../support/program-trace.js';
import { expectValid } from '../support/schemas.js';

let directory: string;
let trace: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-trace-'));
  trace = join(directory, 'app.ops');
  await writeTrace(trace, 100_000, 6);
});
afterAll(() => rm(directory, { recursive: true }));

async function resultOf(args: readonly string[], environment = {}): Promise<RunResult> {
  const { stdout, stderr } = await slablab(['run', ...args, '--json', '--quiet'], environment);
  expect(stderr).toBe('');
  const result = JSON.parse(stdout) as RunResult;
  await expectValid(result);
  return result;
}

describe('a run of a trace', () => {
  test('takes build and configuration from the recording, and says so', async () => {
    const { stderr } = await slablab(['run', trace]);
    expect(stderr).toContain(
      'recorded from `node app.js` on jemalloc 5.3.0-0-g54eaed1, quantum 16, pages of 4096 bytes, 8 arenas; ' +
        'replayed on build q4 with narenas:8,dirty_decay_ms:5000 (--build and --conf change it)',
    );
    expect(stderr).toContain(
      "background_thread:true of the program's configuration is not about memory in the lab",
    );
    expect(stderr).toContain('3 frees of addresses that the recording does not know were left out');
    const { build, conf, options, phases } = await resultOf([trace]);
    expect([build, conf, options?.narenas]).toEqual(['q4', 'narenas:8,dirty_decay_ms:5000', '8']);
    expect(phases.map(({ name }) => name)).toEqual(['end']);
    expect(phases[0]!.drainprof.reconciled).toBe(true);
  });

  test.each([
    ['dirty_decay_ms:0', '0'],
    ['export _RJEM_MALLOC_CONF="dirty_decay_ms:7"', '7'],
    ['const char *_rjem_malloc_conf = "dirty_decay_ms:9";', '9'],
  ])('--conf %s adds to the configuration of the program', async (conf, decay) => {
    const result = await resultOf([trace, '--conf', conf, '--build', 'q3']);
    expect([result.build, result.options?.narenas, result.options?.dirty_decay_ms]).toEqual([
      'q3',
      '8',
      decay,
    ]);
  });

  test('gives the same in both runtimes', async () => {
    const [wasm, native] = [await resultOf([trace]), await resultOf([trace, '--runtime', 'native'])];
    expect(native.phases).toEqual(wasm.phases);
  });

  test('the peak is a phase with owners of its own, in report and result', async () => {
    const path = join(directory, 'burst.ops');
    await writeBurst(path, 5000);
    const { phases } = await resultOf([path, '--owners']);
    const regions = phases.map(({ name, operations, owners }) => [
      name,
      operations,
      owners?.patterns.map(({ pattern, regions }) => [pattern, regions]),
    ]);
    expect(regions).toEqual([
      [
        'peak',
        5101,
        expect.arrayContaining([
          ['parse at parse.c:7', 5000],
          ['cache_put at cache.c:40', 100],
        ]),
      ],
      ['end', 5001, expect.arrayContaining([['cache_put at cache.c:40', 100]])],
    ]);
    const { stdout } = await slablab(['run', path, '--owners', '--quiet']);
    expect(stdout).toMatch(/At peak, .*parse at parse\.c:7.*At end, .*cache_put at cache\.c:40/s);
  });

  test('lifetimes of aligned regions are in the classes that the allocator gave them', async () => {
    const path = join(directory, 'aligned.ops');
    const metadata = { workload: 'x', server: 'none', parameters: {}, phases: ['end'], program: PROGRAM };
    const file = await OpsFileWriter.create(path, metadata, { isPacked: true });
    const writer = new OpWriter();
    for (const [log2, size] of [
      [6, 40],
      [11, 100],
      [12, 5000],
      [14, 10],
      [12, 20_000],
    ] as const) {
      writer.aligned(log2, size, 1);
    }
    writer.sweep(0);
    for (const chunk of writer.takeAll()) await file.write(chunk);
    await file.finish();
    const [{ owners, bins, large }] = (await resultOf([path, '--owners'])).phases as [RunResult['phases'][0]];
    const classes = owners!.lifetimes!.map(({ size }) => size).sort((a, b) => a - b);
    expect(classes).toEqual([64, 2048, 8192, 16_384, 20_480]);
    const given = [...bins.filter(({ live }) => live > 0), ...large.filter(({ count }) => count > 0)];
    expect(given.map(({ size }) => size)).toEqual(expect.arrayContaining(classes));
  });

  test('a handle whose table would not fit below the heap is out of memory, with its place', async () => {
    const path = join(directory, 'sparse.ops');
    const metadata = { workload: 'x', server: 'none', parameters: {}, phases: [], program: PROGRAM };
    const file = await OpsFileWriter.create(path, metadata, { isPacked: true });
    const column = (word: number) => Uint32Array.of(word);
    await file.write({
      firstPosition: 0,
      length: 1,
      what: column(Kind.malloc),
      handle: column(200_000_000),
      size: column(100),
    });
    await file.finish();
    const { stderr, exitCode } = await slablab(['run', path]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('operation 0 (malloc, handle 200000000, size 100): out of memory');
  });

  test('phases of one name have owners of their own', async () => {
    const path = join(directory, 'phases.ops');
    const file = await OpsFileWriter.create(
      path,
      { workload: 'x', server: 'none', parameters: {}, phases: ['a', 'a'], program: PROGRAM },
      { isPacked: true },
    );
    const writer = new OpWriter();
    const handles = Array.from({ length: 10 }, () => writer.malloc(100, 1));
    writer.sweep(0);
    for (const handle of handles.slice(3)) writer.free(handle);
    writer.sweep(1);
    for (const chunk of writer.takeAll()) await file.write(chunk);
    await file.finish();
    const { phases } = await resultOf([path, '--owners']);
    const regions = phases.map(
      ({ owners }) => owners?.patterns.find(({ pattern }) => pattern !== null)?.regions,
    );
    expect(regions).toEqual([10, 3]);
  });

  test('a recording on another quantum is replayed on its build', async () => {
    const path = join(directory, 'quantum-8.ops');
    await writeTrace(path, 1000, 2, { command: ['x'], quantum: 8, jemalloc: '5.2.1' });
    expect(await resultOf([path])).toMatchObject({ build: 'q3-5.2.1', conf: '' });
  });

  test('a truncated trace keeps what was replayed, and the error names the byte', async () => {
    const path = join(directory, 'cut.ops');
    const bytes = await readFile(trace);
    await writeFile(path, bytes.subarray(0, bytes.length - 2000));
    const { stdout, stderr, exitCode } = await slablab(['run', path, '--owners', '--json', '--quiet']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/cut\.ops: byte \d+: truncated/);
    const { phases } = JSON.parse(stdout) as RunResult;
    expect(phases.map(({ name }) => name)).toEqual(['incomplete']);
    expect(phases[0]!.owners?.patterns.map(({ pattern }) => pattern)).toContain('call site 2');
  });

  test('a free of an unknown handle is refused with its place', async () => {
    const path = join(directory, 'unknown.ops');
    const file = await OpsFileWriter.create(path, {
      workload: 'x',
      server: 'none',
      parameters: {},
      phases: [],
      program: PROGRAM,
    });
    const writer = new OpWriter();
    writer.free(writer.malloc(10));
    writer.free(1);
    for (const chunk of writer.takeAll()) await file.write(chunk);
    await file.finish();
    const { stderr, exitCode } = await slablab(['run', path, '--owners']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('operation 2 (free, handle 1, size 0): the handle is not allocated');
  });

  test('sweeps vary what the recording had', async () => {
    const { stdout } = await slablab([
      'sweep',
      trace,
      '--axis',
      'narenas=1,8',
      '--axis',
      'build=q3,q4',
      '--json',
    ]);
    const { cells } = JSON.parse(stdout) as { cells: { error: unknown; run: RunResult }[] };
    expect(cells.map(({ error, run: { build, conf } }) => [error, build, conf])).toEqual(
      ['1', '8'].flatMap((narenas) =>
        ['q3', 'q4'].map((build) => [null, build, `narenas:8,dirty_decay_ms:5000,narenas:${narenas}`]),
      ),
    );
  });
});

describe('a log of logalloc', () => {
  const LOG = fileURLToPath(new URL('../trace/fixtures/logalloc-sample.txt', import.meta.url));

  test('is run as it is, with the figures of its conversion, and leaves nothing', async () => {
    const converted = join(directory, 'converted.ops');
    expect((await slablab(['record', '--convert', LOG, '--out', converted])).exitCode).toBe(0);
    const temporary = await mkdtemp(join(directory, 'temporary-'));
    const direct = await resultOf([LOG], { TMPDIR: temporary });
    expect(direct.phases[0]!.bins).toEqual((await resultOf([converted])).phases[0]!.bins);
    expect(await readdir(temporary)).toEqual([]);
  });

  test('says what was left out', async () => {
    const { stderr } = await slablab(['run', LOG]);
    expect(stderr).toContain('calls of other processes than 18545 were left out');
  });

  test.each([
    ['sweep', ['sweep', LOG, '--axis', 'narenas=1,2']],
    ['whatif', ['whatif', LOG, 'arena thread 0']],
    ['advise', ['advise', LOG]],
  ])('is an input of %s', async (_, args) => {
    const { stdout, exitCode } = await slablab([...args, '--json', '--quiet']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('schema');
  });

  test('takes no options of a server', async () => {
    const { stderr, exitCode } = await slablab(['run', LOG, '--server', 'redis-7.2']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('a saved stream is replayed unchanged')]);
  });
});

describe('owners of a trace', () => {
  const patternsOf = ({ phases }: RunResult) => phases.at(-1)!.owners!.patterns.map(({ pattern }) => pattern);

  test('are call sites, whose regions add up to those that live', async () => {
    const result = await resultOf([trace, '--owners']);
    expect(patternsOf(result)).toEqual(['cache_put at cache.c:40', null]);
    const { owners, drainprof } = result.phases.at(-1)!;
    expect(owners!.by).toBe('site');
    expect(owners!.patterns.reduce((sum, { regions }) => sum + regions, 0)).toBe(drainprof.live);
    const lives = owners!.lifetimes!;
    expect(new Set(lives.map(({ pattern }) => pattern))).toEqual(
      new Set(['cache_put at cache.c:40', 'parse at parse.c:7', 'grow at io.c:70']),
    );
    for (const { pattern, allocations, frees, medianOperations } of lives) {
      if (pattern.startsWith('cache')) expect(frees).toBeLessThan(allocations);
      else expect([frees, medianOperations! < 1000]).toEqual([allocations, true]);
    }
  });

  test.each([
    ['1', ['serve at main.c:9', null]],
    ['9', ['main at main.c:1', null]],
    ['serve', ['serve at main.c:9', null]],
    ['*.c:40', ['cache_put at cache.c:40', null]],
    ['read_*', ['(no frame matches read_*)', null]],
  ])('--owner-frame %s chooses the frame', async (frame, patterns) => {
    expect(patternsOf(await resultOf([trace, '--owners', '--owner-frame', frame]))).toEqual(patterns);
  });

  test('are threads with --owners-by thread', async () => {
    const result = await resultOf([trace, '--owners', '--owners-by', 'thread']);
    expect(result.phases[0]!.owners!.by).toBe('thread');
    expect(patternsOf(result).filter((name) => name !== null && !/^thread \d+$/.test(name))).toEqual([]);
  });

  test('the report says which regions die in slabs that others pin', async () => {
    const { stdout } = await slablab(['run', trace, '--owners', '--quiet']);
    expect(stdout).toMatch(/by one call site\s+alone\.\s+If\s+cache_put\s+at\s+cache\.c:40\s+were\s+gone,/);
    expect(stdout).toMatch(/^die in slabs of +freed +half within +pinned by +slabs$/m);
    expect(stdout).toMatch(/^\d+ parse at parse\.c:7 +[\d,]+ +\d+ ops +cache_put at cache\.c:40 +\d+$/m);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('a recording on disk and its map have them, too', async () => {
    await slablab(['run', trace, '--owners', '--quiet', '--out', directory]);
    const { stdout, exitCode } = await slablab(['map', join(directory, 'app-q4.slabs'), '--colour', 'owner']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('cache_put at cache.c:40');
  });
});

describe('an arena for an owner', () => {
  let burst: string;
  beforeAll(async () => {
    burst = join(directory, 'burst.ops');
    await writeBurst(burst, 50_000);
  });

  test.each(['cache_put', 'cache*'])('arena %s shows what segregation would give back', async (pattern) => {
    const { stdout, exitCode } = await slablab(['whatif', burst, `arena ${pattern}`, '--json', '--quiet']);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout) as RunResult;
    await expectValid(result);
    const [end, changed] = result.phases.slice(1) as [RunResult['phases'][0], RunResult['phases'][0]];
    expect(result.phases.map(({ name }) => name)).toEqual(['peak', 'end', `arena ${pattern}`]);
    expect(changed.change).toMatchObject({
      step: `arena ${pattern}`,
      notes: ['1,000 allocations went to the arena'],
    });
    expect(end.drainprof.pinned).toBeGreaterThan(700);
    expect(changed.drainprof.pinned).toBeLessThan(50);
    expect(changed.memory.active).toBeLessThan(end.memory.active / 3);
    expect(changed.memory.usedMemory).toBe(end.memory.usedMemory);
    expect(changed.drainprof.reconciled).toBe(true);
  });

  test('the report has the movement, and a line that repeats it', async () => {
    const { stdout } = await slablab(['whatif', burst, 'arena thread 0', '--quiet']);
    expect(stdout).toMatch(/^After arena thread 0: resident /m);
    expect(stdout).toContain("'arena thread 0'");
  });

  test.each([
    [
      ['arena nothing_like_it'],
      'no call site has a frame of that name; call sites are cache_put at cache.c:40, parse',
    ],
    [['arenas x'], "a change of the whole run is written as 'arena PATTERN'"],
    [['arena main', '--then', 'purge'], 'remove --then and --at'],
  ])('%j is refused', async (args, message) => {
    const { stderr, exitCode } = await slablab(['whatif', burst, ...args]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test('advise tries it for call sites, beside settings, and ranks them', async () => {
    const { stdout, exitCode } = await slablab(['advise', burst, '--json', '--quiet']);
    expect(exitCode).toBe(0);
    const advice = JSON.parse(stdout) as Advice;
    await expectValid(advice);
    expect(advice.remedies.map(({ name }) => name).sort()).toEqual([
      'arena cache_put at cache.c:40',
      'arena parse at parse.c:7',
      'conf dirty_decay_ms:0',
      'conf narenas:1',
      'conf tcache:false',
    ]);
    const arena = advice.remedies.find(({ name }) => name.startsWith('arena cache'))!;
    expect(arena.backBytes).toBe(advice.before.resident - arena.memory.resident);
    const text = await slablab(['advise', burst, '--quiet', '--conf', 'tcache:false']);
    expect(text.stdout).not.toContain('conf tcache:false  ');
    expect(text.stdout).toMatch(/^arena cache_put at cache/m);
  });

  test('advise judges a program that frees everything at its peak, and says so', async () => {
    const path = join(directory, 'freed.ops');
    await writeBurst(path, 200_000, true);
    const { stdout } = await slablab(['advise', path, '--json', '--quiet']);
    const advice = JSON.parse(stdout) as Advice;
    const { phases } = await resultOf([path]);
    const [peak, end] = phases.map(({ memory }) => memory.active);
    expect(end).toBeLessThan(peak! / 10);
    expect(advice.before.active).toBe(peak);
    expect(advice.conclusion).toContain('peak');
    expect(advice.limits).toEqual([expect.stringContaining('phase `peak`')]);
    for (const { memory, name } of advice.remedies) expect(memory.active, name).toBeGreaterThan(peak! / 2);
    const text = await slablab(['advise', path, '--quiet']);
    expect(text.stdout).toContain('Judged at the phase `peak`');
  });

  test('a pattern that no key of a workload matches is refused', async () => {
    const { stderr, exitCode } = await slablab(['whatif', 'scattered-delete', 'arena x']);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('arena x: no key of scattered-delete matches'),
    ]);
  });
});
