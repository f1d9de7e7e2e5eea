import { copyOfRange, type OpChunk, OpWriter } from '../stream/index.js';

/** Inserts a sweep of a phase after `operations` operations of a stream. Those that follow have a position more. */
export async function* withSweepAt(
  chunks: AsyncIterable<OpChunk>,
  operations: number,
  phase: number,
): AsyncGenerator<OpChunk, void> {
  for await (const chunk of chunks) {
    const { firstPosition, length } = chunk;
    const before = operations - firstPosition;
    if (before <= 0) yield { ...chunk, firstPosition: firstPosition + 1 };
    else if (before > length) yield chunk;
    else {
      yield copyOfRange(chunk, 0, before);
      yield { ...sweepOf(phase), firstPosition: operations };
      if (before < length) yield { ...copyOfRange(chunk, before, length), firstPosition: operations + 1 };
    }
  }
}

function sweepOf(phase: number): OpChunk {
  const writer = new OpWriter(1);
  writer.sweep(phase);
  return writer.takeAll()[0]!;
}
