import { isIntegerText } from '../../base/index.js';
import { ContainerKind, embeddedStringBytes, sdsBytes } from '../heap/index.js';
import { SHARED_INTEGERS } from './integer-object.js';
import type { ValueContext } from './value-context.js';

/**
 * The string object that passes an element to the reply. It is allocated when the element is popped and freed when
 * the command ends. One instance is reused, since lists and sets are popped one element at a time.
 */
export class TemporaryObject {
  #sds = 0;
  #object = 0;

  /** Allocates a string object of `length` bytes (createStringObject). */
  makeString(space: ValueContext, length: number): void {
    const { heap, version } = space;
    if (length <= version.strings.embeddedLimit) {
      this.#sds = 0;
      this.#object = heap.malloc(
        embeddedStringBytes(version.sizes.embeddedObjectHead, length),
        ContainerKind.containerTemporary,
      );
    } else {
      this.#sds = heap.malloc(sdsBytes(heap.sds, length), ContainerKind.containerTemporary);
      this.#object = heap.malloc(version.sizes.object, ContainerKind.containerTemporary);
    }
  }

  /** Allocates an integer object (createStringObjectFromLongLong); a shared integer needs none. */
  makeInteger(space: ValueContext, text: Uint8Array): void {
    const isShared = text[0] !== 0x2d && text.length < `${SHARED_INTEGERS}`.length;
    this.#sds = 0;
    this.#object = isShared
      ? 0
      : space.heap.malloc(space.version.sizes.object, ContainerKind.containerTemporary);
  }

  /** Returns whether a kept string is stored as an integer. */
  static isInteger(space: ValueContext, kept: number): boolean {
    const text = space.contents.known(kept);
    return space.contents.length(kept) <= 20 && isIntegerText(text, 0, text.length);
  }

  free(space: ValueContext): void {
    if (this.#sds !== 0) space.heap.free(this.#sds);
    if (this.#object !== 0) space.heap.free(this.#object);
    this.#sds = 0;
    this.#object = 0;
  }
}
