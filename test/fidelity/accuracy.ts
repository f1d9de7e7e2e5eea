/**
 * The rows of docs/accuracy.md: how far the model is from each recording. `make accuracy` writes them, and the fidelity
 * tests hold each of them to what they measure.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { Measures } from '#slablab/src/verify/server-comparison.js';
import { type Recording, recordedSinceIdle } from './recorded.js';
import { findStream } from './streams.js';

const PAGE = new URL('../../docs/accuracy.md', import.meta.url);
const HEAD = ['| stream | slabs | regions | used_memory |', '|---|---|---|---|'];

/** The row of a stream; the difference of the servers among themselves is in brackets. Short streams count slabs. */
export function accuracyRow(recording: Recording, measures: Measures): string {
  const { stream, runToRun } = recording;
  const cell = (measure: keyof Measures) =>
    `${percent(measures[measure])} (${percent(runToRun.sinceIdle[measure])})`;
  const slabs = findStream(stream).isShort === true ? slabsOf(recording, measures) : cell('slabs');
  return `| \`${stream}\` | ${slabs} | ${cell('regions')} | ${cell('usedMemory')} |`;
}

function slabsOf(recording: Recording, { slabs }: Measures): string {
  const all = recordedSinceIdle(recording).classes.reduce((sum, { slabs: count }) => sum + count, 0);
  return `${Math.round(slabs * all)} of ${all} (${Math.round(recording.runToRun.sinceIdle.slabs * all)})`;
}

/** The row of the page for a stream of a server; undefined if it has none. */
export async function writtenRow(server: string, stream: string): Promise<string | undefined> {
  const lines = sectionOf((await readFile(PAGE, 'utf8')).split('\n'), server);
  return lines.find((line) => line.startsWith(`| \`${stream}\` |`));
}

/** Writes the rows of a server into the page, in place of those that are there. */
export async function writeRows(server: string, rows: readonly string[]): Promise<void> {
  const lines = (await readFile(PAGE, 'utf8')).split('\n');
  const section = sectionOf(lines, server);
  const from = lines.indexOf(headingOf(server));
  const text = [headingOf(server), '', ...HEAD, ...rows, ''];
  const after = lines.slice(from + section.length);
  await writeFile(PAGE, [...lines.slice(0, from), ...text, ...after].join('\n'));
}

/** The lines of a server's section, from its heading up to the next one. */
function sectionOf(lines: readonly string[], server: string): readonly string[] {
  const from = lines.indexOf(headingOf(server));
  if (from < 0)
    throw new Error(
      `docs/accuracy.md has no heading '${headingOf(server)}': write one where the server belongs`,
    );
  const next = lines.findIndex((line, at) => at > from && line.startsWith('## '));
  return lines.slice(from, next < 0 ? lines.length : next);
}

function headingOf(server: string): string {
  return `## ${server}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
