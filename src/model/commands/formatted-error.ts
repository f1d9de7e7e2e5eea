import { growableSdsBytes, StructKind } from '../heap/index.js';
import type { Call } from '../server/index.js';

/** Replies with an error that begins with its own code and is formatted (addReplyErrorFormat), through a string that grows. */
export function formattedError({ heap, reply }: Call, message: string): void {
  const empty = growableSdsBytes(heap.sds, 0);
  // A string that grows takes twice the room that it needs; the text begins with a minus.
  const length = (1 + message.length) * 2;
  const bytes = growableSdsBytes(heap.sds, length);
  let text = heap.malloc(empty, StructKind.temporary);
  const keepsHeader = bytes - length === empty;
  if (keepsHeader) heap.realloc(text, bytes, StructKind.temporary);
  else {
    const longer = heap.malloc(bytes, StructKind.temporary);
    heap.free(text);
    text = longer;
  }
  reply.error(message);
  heap.free(text);
}
