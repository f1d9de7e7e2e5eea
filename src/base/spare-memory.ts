/**
 * Memory of chunks: where threads can share any, what one writes another replays without a copy on the way. (Memory that
 * is transferred would not be copied either; but engines that have seen an array lose its memory look, from then on, at
 * every access to any array whether it still has its own.)
 *
 * Memory of chunks that are done with is the next ones': a stream of millions of operations would otherwise ask for
 * fresh pages all the time, and the kernel takes longer to clear them than an engine to replay what they hold.
 */

/** One chunk that is being written, one that waits, one that is being replayed. */
const MOST = 3;
const spares: ArrayBufferLike[] = [];
/** All that was ever given out: what comes back must be from here, and nobody else's. */
const known = new WeakSet<ArrayBufferLike>();

/** Of exactly so many bytes; what is in it means nothing. */
export function memoryOf(bytes: number): ArrayBufferLike {
  if (spares.at(-1)?.byteLength === bytes) return spares.pop()!;
  // Pages that are not isolated from others have no such thing.
  const memory =
    typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  known.add(memory);
  return memory;
}

/** Nobody looks at it any more. Memory from elsewhere is left alone. */
export function giveBackMemory(memory: ArrayBufferLike): void {
  if (!known.has(memory)) return;
  if (spares.length === MOST) spares.shift();
  spares.push(memory);
}
