import { isIntegerText } from '../../base/index.js';
import { ContainerKind, embeddedStringBytes, sdsBytes } from '../heap/index.js';
import { SHARED_INTEGERS } from './integer-object.js';
import type { ValueContext } from './value-context.js';

/**
 * The string object in which an element is handed to the reply: allocated when it is popped, freed when the command
 * ends. Used again and again; lists and sets are popped one element at a time.
 */
export class TemporaryObject {
  #sds = 0;
  #object = 0;

  /** createStringObject of so many bytes. */
  makeString(space: ValueContext, length: number): void {
    const { heap, version } = space;
    if (length <= version.strings.embeddedLimit) {
      this.#sds = 0;
      this.#object = heap.malloc(
        embeddedStringBytes(version.sizes.object, length),
        ContainerKind.containerTemporary,
      );
    } else {
      this.#sds = heap.malloc(sdsBytes(heap.sds, length), ContainerKind.containerTemporary);
      this.#object = heap.malloc(version.sizes.object, ContainerKind.containerTemporary);
    }
  }

  /** createStringObjectFromLongLong: nothing for a shared integer. */
  makeInteger(space: ValueContext, text: Uint8Array): void {
    const isShared = text[0] !== 0x2d && text.length < `${SHARED_INTEGERS}`.length;
    this.#sds = 0;
    this.#object = isShared
      ? 0
      : space.heap.malloc(space.version.sizes.object, ContainerKind.containerTemporary);
  }

  /** Is what is kept in Contents stored as an integer? */
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
