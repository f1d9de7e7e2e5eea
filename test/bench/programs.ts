/** Prints the table of docs/recording.md: real programs, recorded and replayed. `make programs` runs it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCount, markdownTable } from '../../src/base/index.js';
import { type ClassPair, fidelityOf, REAL_PROGRAMS } from '../support/real-programs.js';

const HEAD = [
  'program',
  'calls',
  'threads',
  'bytes a call, raw / .ops',
  'slabs',
  'replayed',
  'regions',
  'replayed',
  'classes that differ',
];

const directory = mkdtempSync(join(tmpdir(), 'slablab-programs-'));
const [only = ''] = process.argv.slice(2);
const rows: string[][] = [];
for (const [index, program] of REAL_PROGRAMS.entries()) {
  if (!program.name.includes(only)) continue;
  try {
    const found = await fidelityOf(program, join(directory, `${index}`));
    const { calls, threads, classes, rawBytesPerCall, opsBytesPerCall } = found;
    const sum = (of: (pair: ClassPair) => number) =>
      formatCount(classes.reduce((total, pair) => total + of(pair), 0));
    const differ = classes.filter(
      ({ program, lab }) => program.slabs !== lab.slabs || program.regions !== lab.regions,
    );
    rows.push([
      program.name,
      formatCount(calls),
      formatCount(threads),
      `${rawBytesPerCall.toFixed(1)} / ${opsBytesPerCall.toFixed(2)}`,
      sum(({ program }) => program.slabs),
      sum(({ lab }) => lab.slabs),
      sum(({ program }) => program.regions),
      sum(({ lab }) => lab.regions),
      `${differ.length}`,
    ]);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    rows.push([program.name, ...HEAD.slice(1).map(() => '-')]);
  }
}
rmSync(directory, { recursive: true, force: true });
const columns = HEAD.map((title, column) => ({ title, cells: rows.map((row) => row[column]!) }));
console.log(markdownTable(columns, (column) => column === 0).join('\n'));
