import { ContainerKind } from '../heap/index.js';
import type { Call } from '../server/index.js';
import { TemporaryObject } from '../values/index.js';
import { newTemporaryString } from './string-objects.js';

/** An element during the sort. */
export interface SortElement {
  /** The number of the element's own copy in Contents. */
  readonly text: number;
  /** The handles of the loaded string object, in the order in which they are freed; none for a shared integer. */
  readonly parts: readonly number[];
  /** Whether that object is an integer, which is decoded to a text for a key's name. */
  readonly isInteger: boolean;
  score: number;
  /** The text to compare by, if it belongs to another key and is known; else undefined. */
  weight: string | undefined;
  /** The handles of a text that was made of an integer to compare by. */
  weightParts: readonly number[];
}

/** Loads an object for each element: a raw string for sets, else the stored encoding. */
export function loadElements(call: Call, names: Iterable<number>, isSet: boolean): SortElement[] {
  const space = call.values;
  const { heap, version } = call;
  const elements: SortElement[] = [];
  for (const name of names) {
    const length = space.contents.length(name);
    const isInteger = !isSet && TemporaryObject.isInteger(space, name);
    let parts: readonly number[];
    if (isSet) {
      const sds = space.newString(length, ContainerKind.containerTemporary);
      parts = [sds, heap.malloc(version.sizes.object, ContainerKind.containerTemporary)];
    } else if (isInteger) {
      parts = integerParts(call, name);
    } else {
      parts = newTemporaryString(call, length);
    }
    const text = space.contents.copy(name);
    elements.push({ text, parts, isInteger, score: 0, weight: undefined, weightParts: [] });
  }
  return elements;
}

/** createStringObjectFromLongLong: returns the handles of the object for a number in Contents. */
function integerParts(call: Call, name: number): readonly number[] {
  const space = call.values;
  const text = space.contents.known(name);
  const isShared = text[0] !== 0x2d && text.length <= 4 && call.settings.sharesIntegers;
  return isShared ? [] : [space.temporary(call.version.sizes.object)];
}
