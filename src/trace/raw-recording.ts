import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessFacts, parseProcessFile } from './process-file.js';
import { COUNTS_BYTES, Counts } from './raw-format.js';

/** One image of one process: what ran between two calls of fork or exec. */
export interface RecordedImage {
  /** PID-START, which begins the names of its files. */
  readonly id: string;
  readonly facts: ProcessFacts;
  readonly streamPaths: readonly string[];
  /** Bytes of records, without what was allocated ahead. */
  readonly streamBytes: number;
  /** Copies of the memory map, the last one last; empty unless stacks were recorded. */
  readonly maps: string;
  /** Operations that the recorder could not write. */
  readonly lost: number;
  readonly sitesLost: number;
  /** Threads that allocated; those that follow each other share a stream. */
  readonly threads: number;
  /** The system's number of the error that ended the recording of this image early; 0 if none did. */
  readonly fullReason: number;
}

export interface RawRecording {
  readonly images: readonly RecordedImage[];
  /** Files that are of no use, each with the reason. */
  readonly problems: readonly string[];
}

const PIECE_BYTES = 64 << 10;

/** Returns the length of a file without the zeros at its end. */
function usedBytes(path: string): number {
  const fd = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let end = fstatSync(fd).size; end > 0; ) {
      const start = Math.max(0, end - PIECE_BYTES);
      const count = readSync(fd, piece, 0, end - start, start);
      for (let at = count - 1; at >= 0; at--) if (piece[at] !== 0) return start + at + 1;
      end = start;
    }
    return 0;
  } finally {
    closeSync(fd);
  }
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
    const streamBytes = streamPaths.reduce((sum, path) => sum + usedBytes(path), 0);
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
      threads: isWhole ? Number(counts.readBigUInt64LE(Counts.threads)) : streamPaths.length,
      fullReason: isWhole ? counts.readUInt32LE(Counts.fullReason) : 0,
    });
  }
  return { images: images.sort((a, b) => b.streamBytes - a.streamBytes), problems };
}
