/**
 * What real servers said after each stream, as data: the model can be held to it where no server is installed.
 * recorded/README.md says how the figures were taken; record.run.ts takes them.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { ReplyErrors } from '#slablab/src/resp/reply-reader.js';
import { type Occupancy, since } from '#slablab/src/verify/class-occupancy.js';
import type { Measures } from '#slablab/src/verify/server-comparison.js';
import type { ServerSurvey } from '#slablab/src/verify/server-session.js';

export const RECORDED_SCHEMA = 'slablab.recorded/1';

export interface RecordedServer {
  /** Directory that the recording lies in: redis-7.0.15. */
  readonly name: string;
  /** Where the binary came from, and how it was configured when it was built. */
  readonly built: string;
  readonly malloc: string;
  readonly quantum: number;
  readonly pageSize: number;
  readonly cacheOblivious: boolean;
  readonly configuration: readonly string[];
}

/** Rows are [size, regions per slab, pages per slab, curregs, curslabs], and [size, extents]. */
export interface RecordedOccupancy {
  readonly usedMemory: number;
  readonly active: number;
  readonly allocated: number;
  readonly keys: number;
  readonly classes: readonly (readonly [number, number, number, number, number])[];
  readonly large: readonly (readonly [number, number])[];
}

export interface Recording {
  readonly schema: typeof RECORDED_SCHEMA;
  readonly stream: string;
  readonly digest: string;
  readonly commands: number;
  readonly bytes: number;
  readonly reads: number;
  readonly errors: readonly ReplyErrors[];
  readonly server: RecordedServer;
  readonly settleMs: number;
  /** With two clients connected, before the first command. */
  readonly idle: RecordedOccupancy;
  readonly after: RecordedOccupancy;
  /** How far other runs of the same server were from this one, at most; of the figures since idle, and of all figures. */
  readonly runToRun: { readonly sinceIdle: Measures; readonly absolute: Measures };
}

const DIRECTORY = new URL('recorded/', import.meta.url);

/** Of one stream, by all servers that it was recorded from. */
export async function recordings(stream: string): Promise<Recording[]> {
  const servers = (await readdir(DIRECTORY, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const recorded = servers.filter(({ name }) => existsSync(pathOf(name, stream)));
  return Promise.all(recorded.map(({ name }) => recording(name, stream)));
}

export async function recording(server: string, stream: string): Promise<Recording> {
  return JSON.parse(await readFile(pathOf(server, stream), 'utf8')) as Recording;
}

function pathOf(server: string, stream: string): URL {
  return new URL(`${server}/${stream}.json`, DIRECTORY);
}

export function rowsOf({ occupancy, keys }: ServerSurvey): RecordedOccupancy {
  const { usedMemory, active, allocated } = occupancy;
  return {
    usedMemory,
    active,
    allocated,
    keys,
    classes: occupancy.classes.map(({ size, regs, pages, regions, slabs }) => [
      size,
      regs,
      pages,
      regions,
      slabs,
    ]),
    large: occupancy.large.filter(({ count }) => count > 0).map(({ size, count }) => [size, count]),
  };
}

export function recordedOccupancy({ classes, large, ...rest }: RecordedOccupancy): Occupancy {
  return {
    classes: classes.map(([size, regs, pages, regions, slabs]) => ({ size, regs, pages, regions, slabs })),
    large: large.map(([size, count]) => ({ size, count })),
    usedMemory: rest.usedMemory,
    active: rest.active,
    allocated: rest.allocated,
  };
}

/** What the stream added to an idle server. */
export function recordedSinceIdle({ idle, after }: Recording): Occupancy {
  return since(recordedOccupancy(idle), recordedOccupancy(after));
}
