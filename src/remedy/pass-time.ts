import type { RedisServer } from '../model/index.js';
import type { OpChunk, OpWriter } from '../stream/index.js';

/** The interval in which jemalloc's background thread purges while a server is idle, and longer ones for longer waits. */
const PIECES: readonly (readonly [untilMs: number, pieceMs: number])[] = [
  [60_000, 100],
  [3_600_000, 1000],
  [Infinity, 60_000],
];

/** Lets virtual time pass, with the server's cron, and with decay as by jemalloc's background thread. */
export function* passTime(server: RedisServer, writer: OpWriter, ms: number): Generator<OpChunk, void> {
  const startMs = server.nowMs;
  for (let passed = 0; passed < ms; ) {
    const [, piece] = PIECES.find(([until]) => passed < until)!;
    passed = Math.min(ms, passed + piece);
    server.advanceTo(startMs + passed);
    server.heap.decay();
    if (writer.full) yield* writer.takeFull();
  }
}
