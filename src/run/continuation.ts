import type { RedisServer } from '../model/index.js';
import type { OpChunk, OpWriter } from '../stream/index.js';

/** Phases that follow an input on the same server. */
export interface Continuation {
  /** Their names, in order. */
  readonly phases: readonly string[];
  /** Continues the stream, and calls `survey` at the end of each phase, in order. */
  readonly run: (server: RedisServer, writer: OpWriter, survey: () => void) => Generator<OpChunk, void>;
}

/** The place at which an input is cut off: the end of a phase, a virtual time, or a number of commands. */
export type Cut = { readonly phase: string } | { readonly timeMs: number } | { readonly commands: number };

/** Continues a stream with further phases, of which the first has the number `first`. */
export function* further(
  server: RedisServer,
  writer: OpWriter,
  { run }: Continuation,
  first: number,
): Generator<OpChunk, void> {
  let number = first;
  yield* run(server, writer, () => writer.sweep(number++));
  yield* writer.takeAll();
}
