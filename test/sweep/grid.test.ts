import { describe, expect, test } from 'vitest';
import { findPreset, PRESETS } from '#slablab/src/sweep/grid/axis-presets.js';
import { type GridBase, makeGrid } from '#slablab/src/sweep/grid/grid.js';
import { type AxisContext, parseAxes } from '#slablab/src/sweep/grid/sweep-axis.js';
import { streamKey } from '#slablab/src/sweep/pool/shared-streams.js';
import { findWorkload } from '#slablab/workloads/index.js';

const workload = findWorkload('scattered-delete');
const OF_WORKLOAD: AxisContext = { subject: { kind: 'workload', name: workload.name }, workload };
const OF_COMMANDS: AxisContext = { subject: { kind: 'commands', path: 'a.resp' }, workload: undefined };
const OF_OPS: AxisContext = { subject: { kind: 'ops', path: 'a.ops' }, workload: undefined };

const BASE: GridBase = {
  ...OF_WORKLOAD,
  parameters: [],
  server: undefined,
  build: undefined,
  conf: '',
  hooks: 'complete',
  runtime: 'wasm',
};

function gridOf(axes: readonly string[], base: Partial<GridBase> = {}) {
  return makeGrid({ ...BASE, ...base }, parseAxes(axes, { ...BASE, ...base }));
}

describe('axes', () => {
  test.each([
    ['build=q3,q4', 'build', ['q3', 'q4']],
    ['server=redis-7.0', 'server', ['redis-7.0']],
    ['dirty_decay_ms=0,1000,-1', 'option', ['0', '1000', '-1']],
    ['slab_sizes=1-4096:17|8192-8192:1', 'option', ['1-4096:17|8192-8192:1']],
    ['hash-max-listpack-entries=128,512', 'setting', ['128', '512']],
    ['maxmemory=100mb', 'setting', ['100mb']],
    ['maxmemory-policy=allkeys-lru,allkeys-lrm', 'setting', ['allkeys-lru', 'allkeys-lrm']],
    ['order=odd,random', 'parameter', ['odd', 'random']],
    ['seed=1,2', 'parameter', ['1', '2']],
  ])('%s', (text, kind, values) => {
    expect(parseAxes([text], OF_WORKLOAD)).toEqual([{ name: text.split('=')[0], kind, values }]);
  });

  test('a configuration string keeps its commas, and is repeated instead', () => {
    expect(parseAxes(['conf=', 'build=q3', 'conf=narenas:1,tcache:false'], OF_WORKLOAD)).toEqual([
      { name: 'conf', kind: 'conf', values: ['', 'narenas:1,tcache:false'] },
      { name: 'build', kind: 'build', values: ['q3'] },
    ]);
  });

  test('a file of commands that names no server is modelled as traffic is', () => {
    const [ofFile] = gridOf(['build=q3'], OF_COMMANDS).cells;
    expect(ofFile?.stream.server).toBe('valkey-9.1');
    expect(gridOf(['build=q3']).cells[0]?.stream.server).toBe('redis-7.2');
  });

  test('a file of commands may have a cluster for its server', () => {
    expect(parseAxes(['cluster-enabled=yes,no'], OF_COMMANDS)).toMatchObject([{ kind: 'setting' }]);
    expect(() => parseAxes(['cluster-enabled=maybe'], OF_COMMANDS)).toThrow('known: yes, no');
    expect(() => parseAxes(['cluster-enabled=yes'], OF_WORKLOAD)).toThrow('is not an axis of this sweep');
  });

  test('a file of commands has a seed of its own; a saved stream has neither seed nor server', () => {
    expect(parseAxes(['seed=7'], OF_COMMANDS)).toMatchObject([{ kind: 'seed' }]);
    expect(() => parseAxes(['seed=7'], OF_OPS)).toThrow('`seed` is not an axis of this sweep');
    expect(() => parseAxes(['server=redis-7.0'], OF_OPS)).toThrow(
      '--axis server with a.ops: a saved stream is replayed as it is',
    );
    expect(() => parseAxes(['hz=100'], OF_OPS)).toThrow('--axis hz with a.ops');
    expect(() => parseAxes(['order=odd'], OF_COMMANDS)).toThrow('`order` is not an axis');
  });

  test.each([
    ['drap=0.5', '`drap` is not an axis of this sweep; did you mean `drop`?'],
    ['dirty_decay=1', 'did you mean `dirty_decay_ms`?'],
    ['max-memory=1', 'did you mean `maxmemory`?'],
    ['build=q5', '`q5` is not a build; did you mean `q3`?'],
    ['server=redis-7.9', '`redis-7.9` is not a server version; did you mean `redis-7.0`?'],
    ['order=od', '`od` is not a value of `order`; did you mean `odd`?'],
    ['drop=0.5,7', '--axis drop: `7` is out of range (number, 0 to 1)'],
    ['maxmemory=lots', '--axis maxmemory: CONFIG SET maxmemory would not take `lots`'],
    ['maxmemory-policy=alkeys-lru', 'did you mean `allkeys-lru`?'],
    ['activerehashing=maybe', '`maybe` is not a value of `activerehashing`; known: yes, no'],
    ['drop', '--axis drop: write it as name=value,value,…'],
    ['=1', 'write it as name=value'],
    ['drop=', 'a value is missing'],
    ['drop=0.5,,0.7', 'a value is missing'],
    ['seed=1,2,1', '`1` is given twice'],
  ])('%s is refused', (text, message) => {
    expect(() => parseAxes([text], OF_WORKLOAD)).toThrow(message);
  });

  test('a value given twice is found over repeated axes as well', () => {
    expect(() => parseAxes(['seed=1', 'seed=2,1'], OF_WORKLOAD)).toThrow('`1` is given twice');
  });

  test('presets are axes like any others', () => {
    for (const { axes } of PRESETS) expect(parseAxes(axes, OF_WORKLOAD).length).toBeGreaterThan(0);
    expect(() => findPreset('dekay')).toThrow('did you mean `decay`?');
  });
});

describe('a grid', () => {
  test('has a cell for each combination; the last axis varies fastest', () => {
    const { cells } = gridOf(['seed=1,2', 'build=q3,q4', 'drop=0.5']);
    expect(cells.map(({ cell, values }) => [cell, values.seed, values.build, values.drop])).toEqual([
      [0, '1', 'q3', '0.5'],
      [1, '1', 'q4', '0.5'],
      [2, '2', 'q3', '0.5'],
      [3, '2', 'q4', '0.5'],
    ]);
  });

  test('puts every value where it belongs', () => {
    const axes = ['server=valkey-8.0', 'keys=7', 'maxmemory=1mb', 'build=q4', 'narenas=1'];
    const [cell] = gridOf(axes, { parameters: ['order=random'], conf: 'tcache:false' }).cells;
    expect(cell).toMatchObject({
      stream: {
        server: 'valkey-8.0',
        parameters: { keys: 7, order: 'random', valueBytes: 1000 },
        settings: { maxmemory: '1mb' },
      },
      allocator: { build: 'q4', conf: 'tcache:false,narenas:1', hooks: 'complete', runtime: 'wasm' },
    });
  });

  test('an option comes after a whole string, since jemalloc takes the last of two', () => {
    const { cells } = gridOf(['dirty_decay_ms=5', 'conf=', 'conf=dirty_decay_ms:0,tcache:false']);
    expect(cells.map(({ allocator }) => allocator.conf)).toEqual([
      'dirty_decay_ms:5',
      'dirty_decay_ms:0,tcache:false,dirty_decay_ms:5',
    ]);
  });

  test('the build is what each server bundles, unless said otherwise', () => {
    const builds = gridOf(['server=redis-7.0,redis-7.2,valkey-8.0']).cells.map(
      ({ allocator }) => allocator.build,
    );
    expect(builds.every((build) => build.startsWith('q3'))).toBe(true);
  });

  test('too large is refused, with the axes that make it so', () => {
    const seeds = `seed=${Array.from({ length: 400 }, (_, seed) => seed).join(',')}`;
    const keys = `keys=${Array.from({ length: 300 }, (_, keys) => keys + 1).join(',')}`;
    expect(() => gridOf([seeds, keys])).toThrow('seed: 400, keys: 300: 120000 cells; at most 100000');
  });
});

describe('a stream is shared', () => {
  const q3 = { sizeClasses: [8, 16, 24], quantum: 8 };
  const key = (axes: string[], view = q3) =>
    streamKey((gridOf(axes).cells[0] as never as { stream: never }).stream, view);

  test('by configurations, and by builds with the same usable sizes', () => {
    expect(key(['conf=narenas:1'])).toBe(key(['dirty_decay_ms=0']));
    expect(key(['build=q3'])).toBe(key(['build=q3-p14']));
  });

  test.each([
    ['parameters', ['seed=1'], ['seed=2']],
    ['servers', ['server=redis-7.0'], ['server=redis-7.2']],
    ['settings', ['hz=10'], ['hz=100']],
  ])('not by different %s', (_, one, other) => {
    expect(key(one)).not.toBe(key(other));
  });

  test('not by builds with other size classes, or another quantum', () => {
    expect(key(['build=q3'])).not.toBe(key(['build=q4'], { sizeClasses: [8, 16, 32], quantum: 8 }));
    expect(key(['build=q3'])).not.toBe(key(['build=q4'], { ...q3, quantum: 16 }));
  });
});
