/** The page of the `.ops` format has a file in hex and a writer in Python, which are taken as they are printed. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Kind, type OpChunk } from '#slablab/src/stream/index.js';
import { openOpsFile } from '#slablab/src/stream/node.js';
import { slablab } from '../support/cli.js';
import { asRows } from '../support/operations.js';
import { spawned } from '../support/spawned.js';

const FORMAT = new URL('../../src/stream/ops-file/FORMAT.md', import.meta.url);

let directory: string;
let page: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-ops-format-'));
  page = await readFile(FORMAT, 'utf8');
});
afterAll(() => rm(directory, { recursive: true }));

function printed(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return Array.from(page.matchAll(pattern), ([, text]) => text!);
}

async function contentOf(path: string) {
  const reader = await openOpsFile(path);
  const chunks: OpChunk[] = [];
  for await (const chunk of reader.chunks()) chunks.push(chunk);
  const names = await reader.names();
  await reader.close();
  return { rows: asRows(chunks), names, metadata: reader.metadata };
}

test('the file in hex is read as the page says', async () => {
  const path = join(directory, 'hex.ops');
  const bytes = printed('hex')[0]!
    .split('\n')
    .map((line) => line.slice(0, 48).trimEnd())
    .join(' ');
  await writeFile(path, Buffer.from(bytes.replaceAll(' ', ''), 'hex'));
  expect(await contentOf(path)).toEqual({
    rows: [
      [Kind.malloc + 256, 0, 100],
      [Kind.advance, 0, 250],
      [Kind.free, 0, 0],
    ],
    names: { owners: [{ tag: 1, frames: ['main'] }], peakAt: 1 },
    metadata: {
      workload: 'app',
      server: 'none',
      parameters: {},
      phases: [],
      program: { command: ['./app'] },
    },
  });
});

test('the writer in Python (python3, needed here) writes what the example says, and it is run', async () => {
  const script = join(directory, 'write.py');
  await writeFile(script, printed('python').join('\n'));
  const { exitCode, stderr } = await spawned('python3', [script], { cwd: directory });
  expect(exitCode, `python3, which this test needs: ${stderr}`).toBe(0);
  const { rows, names } = await contentOf(join(directory, 'two-threads.ops'));
  expect([rows.length, rows[0], rows.at(-1)]).toEqual([1506, [Kind.thread, 0, 1], [Kind.threadEnd, 0, 1]]);
  expect(names.owners.map(({ tag }) => tag)).toEqual([1, 2]);
  const run = await slablab(['run', join(directory, 'two-threads.ops'), '--owners', '--json', '--quiet']);
  const { phases } = JSON.parse(run.stdout);
  expect(phases.map(({ name }: { name: string }) => name)).toEqual(['end']);
  const held = phases[0].owners.patterns.map((of: { pattern: string; regions: number }) => [
    of.pattern,
    of.regions,
  ]);
  expect(held).toEqual(
    expect.arrayContaining([
      ['parse at input.c:31', 500],
      ['grow', 1],
    ]),
  );
});

test('the table of kinds on the page has the numbers of the product', () => {
  const kinds = Array.from(page.matchAll(/^\| (\d+) \| [^|]+\| (?:new|live|0) \|/gm), ([, kind]) =>
    Number(kind),
  );
  const numbers = Object.values(Kind).filter((kind) => kind < Kind.defragSet);
  expect(kinds).toEqual(numbers);
});
