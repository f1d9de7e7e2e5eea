/** What real servers held before and after active defragmentation, as data (README.md). */
import { readdirSync, readFileSync } from 'node:fs';
import { type RecordedOccupancy, type RecordedServer, recordedOccupancy } from '../recorded.js';
import type { AtRest } from './at-rest.js';

export interface RecordedRest {
  readonly digest: string;
  readonly before: RecordedOccupancy;
  readonly after: RecordedOccupancy;
  readonly hits: number;
  readonly misses: number;
  /** The figures of other servers: how far runs of one server are apart. */
  readonly others: readonly OtherRest[];
}

interface OtherRest {
  readonly active: number;
  readonly allocated: number;
  readonly slabs: number;
  readonly hits: number;
  readonly misses: number;
}

export interface RecordedRests {
  readonly server: RecordedServer;
  readonly states: Readonly<Record<string, RecordedRest>>;
}

export const RESTS = new URL('rests/', import.meta.url);

export function recordedRests(): readonly RecordedRests[] {
  return readdirSync(RESTS).map(
    (file) => JSON.parse(readFileSync(new URL(file, RESTS), 'utf8')) as RecordedRests,
  );
}

export function atRestOf({ before, after, hits, misses }: RecordedRest): AtRest {
  return { before: recordedOccupancy(before), after: recordedOccupancy(after), hits, misses };
}
