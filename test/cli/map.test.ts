import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';

let directory: string;
let recording: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-map-'));
  const { exitCode } = await slablab([
    'run',
    'scattered-delete',
    '--set',
    'keys=2000',
    '--regions',
    '--out',
    directory,
  ]);
  expect(exitCode).toBe(0);
  recording = join(directory, 'scattered-delete-q3.slabs');
});

afterAll(() => rm(directory, { recursive: true }));

const map = (...args: readonly string[]) => slablab(['map', recording, ...args]);

describe('slablab map', () => {
  test('text: a map without colours, a legend, and the resident total', async () => {
    const { exitCode, stdout, stderr } = await map();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^ +1024 5{8}/m);
    expect(stdout).toContain('nothing live .0123456789# all live');
    expect(stdout.replaceAll('\n', ' ')).toMatch(/= resident [\d.]+ MiB, all of it on the map/);
    expect(stdout).not.toContain('\u001b');
  });

  test('colours if they are forced, and a map that fits the size of the terminal', async () => {
    const coloured = await slablab(['map', recording], { FORCE_COLOR: '3' });
    expect(coloured.stdout).toContain('\u001b[48;2;');
    const { stdout } = await slablab(['map', recording, '--order', 'address'], {
      COLUMNS: '60',
      LINES: '30',
    });
    const lines = stdout.trimEnd().split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
    expect(lines.length).toBeLessThanOrEqual(30);
  });

  test('one size class, and the changes since a phase', async () => {
    const { stdout } = await map('--class', '1024', '--before', 'populated');
    expect(stdout).toContain('emptier: lost regions, still pinned');
    expect(stdout).not.toContain('metadata');
  });

  test('SVG and PNG files, with a close-up of recorded regions', async () => {
    const svg = join(directory, 'map.svg');
    const { exitCode, stdout, stderr } = await map(
      '--phase',
      'populated',
      '--phase',
      'deleted',
      '--out',
      svg,
    );
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `slablab: map written to ${svg}\n`,
    });
    expect(await readFile(svg, 'utf8')).toMatch(
      /^<svg [\s\S]*Close up, 28 of the [\s\S]*free region[\s\S]*<\/svg>\n$/,
    );
    const png = join(directory, 'map.png');
    expect((await map('--out', png)).exitCode).toBe(0);
    expect((await readFile(png)).subarray(1, 4).toString()).toBe('PNG');
  });

  test('an HTML file contains the recording; without a built page, the error names `make web`', async () => {
    const html = join(directory, 'map.html');
    const { exitCode, stderr } = await map('--out', html);
    if (existsSync(new URL('../../dist/web/single.html', import.meta.url))) {
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `slablab: map written to ${html}\n` });
      const [, base64] = /id="recordings">\[\{"title":"[\w-]+","bytes":"([\w+/=]+)"\}\]</.exec(
        await readFile(html, 'utf8'),
      )!;
      expect(Buffer.from(base64!, 'base64').equals(await readFile(recording))).toBe(true);
    } else {
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('make web') });
    }
    expect((await map('--out', html, '--class', '1024')).stderr).toContain('has its own control');
    expect((await map('--out', html, '--phase', 'populated', '--phase', 'deleted')).stderr).toContain(
      'opens with one phase',
    );
  });

  test('--json: the maps and the legend', async () => {
    const { stdout } = await map('--json');
    const { schema, maps, legend } = JSON.parse(stdout);
    expect(schema).toBe('slablab.map/1');
    expect(maps).toMatchObject([{ phase: 'deleted' }]);
    expect(legend.at(-1).label).toContain('metadata');
  });

  test.each([
    [['--phase', 'delete'], 'did you mean `deleted`?'],
    [['--colour', 'occupency'], 'did you mean `occupancy`?'],
    [['--order', 'adress'], 'did you mean `address`?'],
    [['--class', '1023'], 'is not a size class with slabs'],
    [['--out', 'map.gif'], 'name a file that ends in .svg, .png, .html'],
    [['--colour', 'owner'], '--owners --out DIR'],
    [['--before', 'populated', '--colour', 'age'], 'remove --colour'],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stdout, stderr } = await map(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('a missing file, and a file that is no recording', async () => {
    expect((await slablab(['map', join(directory, 'none.slabs')])).stderr).toMatch(
      /none\.slabs: ENOENT.*name a recording/,
    );
    const other = join(directory, 'other.slabs');
    await writeFile(other, 'something else\n');
    const { exitCode, stderr } = await slablab(['map', other]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('other.slabs');
  });

  test('a truncated recording: its complete frames are shown, and the damage is reported', async () => {
    const cut = join(directory, 'cut.slabs');
    await writeFile(cut, await readFile(recording));
    await truncate(cut, (await stat(cut)).size - 20);
    const { exitCode, stdout, stderr } = await slablab(['map', cut]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^(deleted|populated): /m);
    expect(stderr).toContain('cut.slabs');
  });

  test('a recording that is damaged before its first snapshot: the damage, with its place', async () => {
    const damaged = join(directory, 'damaged.slabs');
    const bytes = await readFile(recording);
    // The first quarter ends within the first snapshot.
    const at = Math.floor(bytes.length / 4);
    bytes[at] = bytes[at]! ^ 0x10;
    await writeFile(damaged, bytes);
    const { exitCode, stderr } = await slablab(['map', damaged]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/damaged\.slabs: byte \d+: record \d+: .*; the file is damaged/);
  });
});

describe('slablab map of a sweep', () => {
  let swept: string;
  beforeAll(async () => {
    swept = await mkdtemp(join(tmpdir(), 'slablab-atlas-'));
    const axes = ['--axis', 'dirty_decay_ms=0,-1', '--axis', 'order=odd,sequential', '--jobs', '1'];
    const { exitCode, stderr } = await slablab([
      ...['sweep', 'scattered-delete', '--set', 'keys=1000', '--rest', '1000', '--out', swept],
      ...axes,
    ]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain(`recordings written to ${join(swept, 'scattered-delete.sweep.cells')}`);
  });
  afterAll(() => rm(swept, { recursive: true }));

  test('its directory is an atlas: on a terminal, and as SVG and PNG', async () => {
    const text = await slablab(['map', swept]);
    expect(text).toMatchObject({ exitCode: 0, stderr: '' });
    expect(text.stdout.replaceAll('\n', ' ')).toMatch(
      /instead of .* MiB, resident at the end: dirty_decay_ms 0: at once, order sequential/,
    );
    for (const extension of ['svg', 'png']) {
      const out = join(swept, `atlas.${extension}`);
      expect(await slablab(['map', swept, '--figure', 'purgeWork', '--out', out])).toMatchObject({
        exitCode: 0,
      });
      expect((await stat(out)).size).toBeGreaterThan(2000);
    }
    expect(await readFile(join(swept, 'atlas.svg'), 'utf8')).toContain('data-cells="0"');
  });

  test('what suits a single map only, an unknown value and missing recordings are refused', async () => {
    const refused = async (...args: readonly string[]) => {
      const { exitCode, stderr } = await slablab(['map', ...args]);
      expect(exitCode).toBe(2);
      return stderr;
    };
    expect(await refused(swept, '--phase', 'deleted')).toContain(
      '--phase with a sweep: an atlas shows the end',
    );
    expect(await refused(swept, '--at', 'order=od')).toContain('`od` is not a value of axis order');
    expect(await refused(recording, '--figure', 'purgeWork')).toContain('only the atlas of a sweep has it');
    expect(await refused(directory)).toContain('has no result of a sweep (*.sweep.json)');
    const result = join(swept, 'scattered-delete.sweep.json');
    await rm(join(swept, 'scattered-delete.sweep.cells'), { recursive: true });
    expect(await refused(result)).toContain('no recordings are beside it');
  });
});
