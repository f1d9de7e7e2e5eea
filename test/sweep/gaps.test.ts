/** Commands that the model cannot carry out are in the results of sweeps, also where cells share a stream. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openEngine } from '#slablab/src/engine/node.js';
import { commandTable, findServer } from '#slablab/src/model/index.js';
import { gapLinesOf } from '#slablab/src/report/index.js';
import { makeGrid } from '#slablab/src/sweep/grid/grid.js';
import { parseAxes } from '#slablab/src/sweep/grid/sweep-axis.js';
import { cellService } from '#slablab/src/sweep/pool/cell-service.js';
import { resp } from '../input/support/resp.js';

const spec = commandTable(findServer('redis-7.2')!).named('append')!;
const { handler } = spec;
afterEach(() => {
  Object.assign(spec, { handler });
});

test('a cell has the gaps of its stream, whether it is its own or a shared one', async () => {
  Object.assign(spec, {
    handler: () => {
      throw new RangeError('size 0');
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'slablab-gaps-'));
  try {
    const path = join(directory, 'file.resp');
    await writeFile(path, resp('SET', 'k', 'v') + resp('APPEND', 'k', 'x'));
    const base = {
      subject: { kind: 'commands', path } as const,
      workload: undefined,
      parameters: [],
      settings: {},
      server: 'redis-7.2',
      build: 'q3',
      conf: '',
      hooks: 'complete' as const,
      runtime: 'wasm' as const,
    };
    const [cell] = makeGrid(base, parseAxes(['dirty_decay_ms=0'], base)).cells;
    const engine = await openEngine({ ...cell!.allocator, conf: '' });
    const place = { buffer: new SharedArrayBuffer(1 << 20), path: join(directory, 'rest') };
    const stream = await cellService.keep(cell!.stream, engine.info, place);
    await engine.close();
    const gaps = { count: 1, first: [expect.objectContaining({ name: 'APPEND', command: 2 })] };
    expect(stream?.gaps).toEqual(gaps);
    for (const shared of [stream, null]) {
      const { run, error } = await cellService.run(cell!, shared);
      expect(error).toBeNull();
      expect(run?.gaps).toEqual(gaps);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});

const gapsOf = (name: string) => ({
  count: 1,
  first: [{ command: 1, name, problem: 'RangeError: size 0', isPartial: false }],
});

test('the gaps of several runs are said once, with the runs that have them', () => {
  const [append, incr] = [gapsOf('APPEND'), gapsOf('INCR')];
  expect(gapLinesOf([['cell 0', undefined]])).toEqual([]);
  expect(
    gapLinesOf([
      ['cell 0', append],
      ['cell 1', append],
    ]),
  ).toEqual([
    '1 command could not be carried out; the figures lack what it would have done:',
    'command 1: APPEND: RangeError: size 0',
  ]);
  expect(
    gapLinesOf([
      ['cell 0', append],
      ['cell 1', undefined],
      ['cell 2', incr],
      ['cell 3', append],
    ]),
  ).toEqual([
    'cell 0, cell 3: 1 command could not be carried out; the figures lack what it would have done:',
    'command 1: APPEND: RangeError: size 0',
    'cell 2: 1 command could not be carried out; the figures lack what it would have done:',
    'command 1: INCR: RangeError: size 0',
  ]);
});
