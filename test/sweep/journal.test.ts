import { mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
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
      const journal = await JournalWriter.create(path, found.header, found.cells.values());
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

  const torn = JSON.stringify(cell(2)).slice(0, 40);

  test.each([
    [
      'a line in the middle that is no JSON',
      ([head, , last]: string[]) => [head, '{"cell":', last],
      [0],
      [2],
    ],
    ['a torn record', ([head, , last]: string[]) => [head, torn, last], [0], [2]],
    [
      'a torn record with the next one on its line',
      ([head, , last]: string[]) => [head, torn + last],
      [0],
      [2],
    ],
    [
      'bytes that never reached the disk',
      ([head, first]: string[]) => [head, first, '\0'.repeat(50)],
      [2],
      [3],
    ],
    [
      'the end of an overwritten record',
      ([head, ...rest]: string[]) => [head, ...rest, '"run":null}'],
      [2, 0],
      [4],
    ],
    ['a cell twice', (lines: string[]) => [...lines, lines[1] ?? ''], [2, 0], [4]],
    ['a cell beyond the grid', (lines: string[]) => [...lines, JSON.stringify(cell(3))], [2, 0], [4]],
    ['a cell below the grid', (lines: string[]) => [...lines, JSON.stringify(cell(-1))], [2, 0], [4]],
  ])('with %s loses that only, and names the line', async (_, change, cells, damagedLines) => {
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    await writeFile(path, `${change(lines).join('\n')}\n`);
    const found = await readJournal(path);
    expect([...found!.cells.keys()]).toEqual(cells);
    expect(found!.damagedLines).toEqual(damagedLines);
  });

  test('without a header of its own is refused', async () => {
    const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, ['{"schema":"x"}', ...rest].join('\n'));
    await expect(readJournal(path)).rejects.toThrow('line 1: not the header of a journal of this version');
  });

  test('that is a link is not read', async () => {
    const link = join(directory, 'link.jsonl');
    await symlink(path, link);
    await expect(readJournal(link)).rejects.toThrow(`${link}: ELOOP: too many symbolic links`);
  });

  test('the digest is of the grid', () => {
    expect(journalHeader({ a: 1 }, 3)).toEqual(HEADER);
    expect(journalHeader({ a: 2 }, 3).digest).not.toBe(HEADER.digest);
  });
});
