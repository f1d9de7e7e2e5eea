import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessFacts, parseProcessFile } from './process-file.js';
import { COUNTS_BYTES, Counts } from './raw-format.js';

/** One image of one process: what ran between two calls of fork or exec. */
export interface RecordedImage {
  /** PID-START, which begins the names of its files. */
  readonly id: string;
  readonly facts: ProcessFacts;
  readonly streamPaths: readonly string[];
  readonly streamBytes: number;
  /** Copies of the memory map, the last one last; empty unless stacks were recorded. */
  readonly maps: string;
  /** Operations that the recorder could not write. */
  readonly lost: number;
  readonly sitesLost: number;
  /** The system's number of the error that ended the recording of this image early; 0 if none did. */
  readonly fullReason: number;
}

export interface RawRecording {
  readonly images: readonly RecordedImage[];
  /** Files that are of no use, each with the reason. */
  readonly problems: readonly string[];
}

/** Lists the images of a recording, those with the most bytes first. */
export function listImages(directory: string): RawRecording {
  const names = readdirSync(directory);
  const problems: string[] = [];
  const images: RecordedImage[] = [];
  for (const name of names) {
    const id = /^(.+)\.process$/.exec(name)?.[1];
    if (id === undefined) continue;
    const facts = parseProcessFile(readFileSync(join(directory, name), 'utf8'));
    if ('problem' in facts) {
      problems.push(`${name}: ${facts.problem}`);
      continue;
    }
    const streamPaths = names
      .filter((other) => other.startsWith(`${id}-`) && other.endsWith('.stream'))
      .map((other) => join(directory, other));
    const streamBytes = streamPaths.reduce((sum, path) => sum + statSync(path).size, 0);
    const maps = names.includes(`${id}.maps`) ? readFileSync(join(directory, `${id}.maps`), 'utf8') : '';
    const counts = names.includes(`${id}.counts`)
      ? readFileSync(join(directory, `${id}.counts`))
      : Buffer.alloc(0);
    const isWhole = counts.length >= COUNTS_BYTES;
    images.push({
      id,
      facts,
      streamPaths,
      streamBytes,
      maps,
      lost: isWhole ? Number(counts.readBigUInt64LE(Counts.lost)) : 0,
      sitesLost: isWhole ? Number(counts.readBigUInt64LE(Counts.sitesLost)) : 0,
      fullReason: isWhole ? counts.readUInt32LE(Counts.fullReason) : 0,
    });
  }
  return { images: images.sort((a, b) => b.streamBytes - a.streamBytes), problems };
}
