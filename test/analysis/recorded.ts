import { readFile } from 'node:fs/promises';
import type { NamedText } from '#slablab/src/analysis/paste/named-text.js';

/** INFO and MEMORY MALLOC-STATS of a real server in a known state; servers/record.sh says how each came about. */
export async function recorded(name: string): Promise<string> {
  return readFile(new URL(`servers/${name}.txt`, import.meta.url), 'utf8');
}

export async function recordedText(name: string): Promise<NamedText> {
  return { name: `${name}.txt`, text: await recorded(name) };
}

/** Without the statistics. */
export async function recordedInfo(name: string): Promise<string> {
  return (await inTwo(name)).info;
}

export async function inTwo(name: string): Promise<{ info: string; stats: string }> {
  const text = await recorded(name);
  const at = text.indexOf('___ Begin');
  return at < 0 ? { info: text, stats: '' } : { info: text.slice(0, at), stats: text.slice(at) };
}

/** Resident bytes of the server's files, its stack and the C library's heap, as the system told. */
export async function notJemalloc(name: string): Promise<number> {
  const text = await readFile(new URL('servers/not-jemalloc.txt', import.meta.url), 'utf8');
  const bytes = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  if (bytes === undefined) throw new Error(`not-jemalloc.txt has no ${name}`);
  return Number(bytes);
}

export interface Resident {
  readonly name: string;
  readonly all: number;
  /** Of jemalloc's mappings. */
  readonly jemalloc: number;
}

/** What the system counted page by page while the texts of these servers were taken. */
export async function residentOfSmall(): Promise<Resident[]> {
  const text = await readFile(new URL('servers/resident.txt', import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', all, jemalloc] = line.split(' ');
      return { name, all: Number(all), jemalloc: Number(jemalloc) };
    });
}
