import { OutputFile } from '../output/node.js';
import { Kind, type OpChunk } from '../stream/index.js';
import { openOpsFile } from '../stream/node.js';

/** A log that was written. */
export interface WrittenLog {
  readonly lines: number;
  /** Operations without a form in the log: the clock, sweeps, resizes in place, and active defragmentation. */
  readonly leftOut: number;
}

/** Turns an `.ops` file into a log of Mozilla's logalloc with numbered pointers, as its replay reads them. */
export async function convertToLog(from: string, to: string): Promise<WrittenLog> {
  const reader = await openOpsFile(from);
  try {
    const file = await OutputFile.createOrOpen(to);
    const state = { thread: 1, lines: 0, leftOut: 0 };
    try {
      for await (const chunk of reader.chunks()) await file.write(Buffer.from(linesOf(chunk, state)));
      await file.finish();
    } catch (error) {
      await file.abandon();
      throw error;
    }
    return { lines: state.lines, leftOut: state.leftOut };
  } finally {
    await reader.close();
  }
}

function linesOf(chunk: OpChunk, state: { thread: number; lines: number; leftOut: number }): string {
  let text = '';
  for (let at = 0; at < chunk.length; at++) {
    const kind = chunk.what[at]! & 0xff;
    const size = chunk.size[at]!;
    if (kind === Kind.thread) {
      state.thread = size + 1;
      continue;
    }
    const call = callOf(kind, chunk.handle[at]!, size);
    if (call === undefined) {
      state.leftOut++;
      continue;
    }
    text += `1 ${state.thread} ${call}\n`;
    state.lines++;
  }
  return text;
}

function callOf(kind: number, handle: number, size: number): string | undefined {
  switch (kind) {
    case Kind.malloc:
    case Kind.mallocNoTcache:
      return `malloc(${size})=#${handle}`;
    case Kind.calloc:
      return `calloc(1,${size})=#${handle}`;
    case Kind.realloc:
    case Kind.rallocx:
      return `realloc(#${handle},${size})=#${handle}`;
    case Kind.free:
    case Kind.freeSized:
    case Kind.freeNoTcache:
      return `free(#${handle})`;
    default:
      return kind >= Kind.aligned + 3 && kind <= Kind.aligned + 30
        ? `memalign(${2 ** (kind - Kind.aligned)},${size})=#${handle}`
        : undefined;
  }
}
