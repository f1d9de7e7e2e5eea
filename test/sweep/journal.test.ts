import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { JournalWriter, journalHeader, readJournal } from '#slablab/src/sweep/sweep-journal.js';
import type { SweepCell } from '#slablab/src/sweep/sweep-result.js';

const HEADER = journalHeader({ a: 1 }, 3);
const cell = (number: number): SweepCell => ({
  cell: number,
  values: { drop: '0.5' },
  figures: null,
  error: { name: 'BootError', message: 'é, "quoted",\nand a second line', position: null },
  run: null,
  timing: { replayMs: 1.5, operationsPerSecond: null },
});

let directory: string;
let path: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-journal-'));
  path = join(directory, 'sweep.jsonl');
});
afterAll(() => rm(directory, { recursive: true }));

async function written(...cells: number[]): Promise<void> {
  const journal = await JournalWriter.create(path, HEADER);
  await Promise.all(cells.map((number) => journal.add(cell(number))));
  await journal.close();
}

describe('a journal', () => {
  beforeEach(() => written(2, 0));

  test('gives back what was written', async () => {
    const found = await readJournal(path);
    expect(found?.header).toEqual(HEADER);
    expect([...(found?.cells.values() ?? [])]).toEqual([cell(2), cell(0)]);
    expect(found?.isCut).toBe(false);
  });

  test('cut at any byte is read to its last whole record, and goes on from there', async () => {
    const whole = await readFile(path);
    const ends = [...whole.keys()].filter((at) => whole[at] === 0x0a).map((at) => at + 1);
    for (let length = 0; length <= whole.length; length += 7) {
      await writeFile(path, whole.subarray(0, length));
      const found = await readJournal(path);
      const records = ends.filter((end) => end <= length).length;
      if (records === 0 || found === undefined) {
        expect(found).toBeUndefined();
        expect(records).toBe(0);
        continue;
      }
      expect([...found.cells.keys()]).toEqual([2, 0].slice(0, records - 1));
      expect(found.isCut).toBe(!ends.includes(length));
      const journal = await JournalWriter.continue(path, found);
      await journal.add(cell(1));
      await journal.close();
      expect([...((await readJournal(path))?.cells.keys() ?? [])]).toEqual(
        [2, 0].slice(0, records - 1).concat(1),
      );
    }
  });

  test('that is not there, or has nothing in it, is none', async () => {
    expect(await readJournal(join(directory, 'none.jsonl'))).toBeUndefined();
    await truncate(path, 0);
    expect(await readJournal(path)).toBeUndefined();
  });

  test.each([
    [
      'a line in the middle that is no JSON',
      ([head, , last]: string[]) => [head, '{"cell":', last],
      'line 2',
    ],
    ['a cell twice', (lines: string[]) => [...lines, lines[1] ?? ''], 'line 4: cell 2 of 3 is out of place'],
    [
      'a cell beyond the grid',
      (lines: string[]) => [...lines, JSON.stringify(cell(3))],
      'line 4: cell 3 of 3',
    ],
    [
      'another format',
      ([, ...rest]: string[]) => ['{"schema":"x"}', ...rest],
      'line 1: not a record of this version',
    ],
  ])('with %s is refused', async (_, change, message) => {
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    await writeFile(path, `${change(lines).join('\n')}\n`);
    await expect(readJournal(path)).rejects.toThrow(message);
  });

  test('the digest is of the grid', () => {
    expect(journalHeader({ a: 1 }, 3)).toEqual(HEADER);
    expect(journalHeader({ a: 2 }, 3).digest).not.toBe(HEADER.digest);
  });
});
