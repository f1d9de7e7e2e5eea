/** What was measured of a leg, and the files that keep it. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Leg, Measured } from './leg.js';
import { LEG_NAMES, type LegName } from './leg-names.js';

export interface LegRecord extends Measured {
  readonly title: string;
  readonly about: string;
  /** The day, as 2026-11-30. */
  readonly date: string;
  readonly machine: string;
  /** Processes that ran or waited to run in the minute before the leg; undefined if nobody looked. */
  readonly load?: number;
  readonly command: string;
}

export type LegRecords = Readonly<Partial<Record<LegName, LegRecord>>>;

const SCHEMA = 'slablab.speed/11';
const ROOT = new URL('../../../', import.meta.url);
/** Written by `make bench`: the newest record of each leg that was measured in this checkout. */
export const RESULTS = new URL('results/bench.json', ROOT);

/** Returns the load of the machine; the one before a leg shows what else ran. */
export function machineLoad(): number {
  return loadavg()[0]!;
}

export async function recordOf(
  name: LegName,
  { title, about }: Leg,
  load: number,
  measured: Measured,
): Promise<LegRecord> {
  const date = new Date().toISOString().slice(0, 10);
  return {
    title,
    about,
    date,
    machine: await machine(),
    load,
    command: `make bench LEG=${name}`,
    ...measured,
  };
}

export async function readResults(): Promise<LegRecords> {
  if (!existsSync(RESULTS)) return {};
  const { schema, legs } = JSON.parse(await readFile(RESULTS, 'utf8')) as {
    schema: string;
    legs: LegRecords;
  };
  return schema === SCHEMA ? legs : {};
}

/** Puts one record beside those of the other legs. */
export async function keepResult(name: LegName, record: LegRecord): Promise<void> {
  const legs = { ...(await readResults()), [name]: record };
  await mkdir(new URL('.', RESULTS), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify({ schema: SCHEMA, legs }, null, 2)}\n`);
}

/** Reads the records that the checkout keeps for docs/performance.md. */
export async function readKept(): Promise<LegRecords> {
  const kept: Partial<Record<LegName, LegRecord>> = {};
  for (const name of LEG_NAMES) {
    const file = keptFile(name);
    if (existsSync(file)) kept[name] = JSON.parse(await readFile(file, 'utf8')) as LegRecord;
  }
  return kept;
}

export async function keep(records: LegRecords): Promise<void> {
  for (const name of LEG_NAMES) {
    const record = records[name];
    if (record !== undefined) await writeFile(keptFile(name), `${JSON.stringify(record, null, 2)}\n`);
  }
}

function keptFile(name: LegName): URL {
  return new URL(`docs/performance/${name}.json`, ROOT);
}

async function machine(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const system = /^PRETTY_NAME="?([^"\n]+)/m.exec(release)?.[1] ?? process.platform;
  const [cpu] = cpus();
  return `${availableParallelism()} cores (${cpu?.model ?? 'of an unknown model'}), ${system}, Node.js ${process.versions.node}`;
}
