import { type Heap, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';

/** Allocates a job and its list node for the background thread, which frees both after the work. */
export function inLazyFreeThread(
  heap: Heap,
  version: ServerVersion,
  argumentCount: number,
  work: () => void,
): void {
  const job = heap.malloc(
    version.sizes.lazyFreeJob + (argumentCount - 1) * version.sizes.pointer,
    StructKind.backgroundJob,
  );
  const node = heap.malloc(version.sizes.listNode, StructKind.backgroundJob);
  heap.inBackground(() => {
    work();
    heap.free(job);
    heap.free(node);
  });
}
