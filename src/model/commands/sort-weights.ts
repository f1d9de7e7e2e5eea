import { latin1, latin1Bytes, parseFloat64 } from '../../base/index.js';
import { ValueType } from '../keyspace/index.js';
import type { Call } from '../server/index.js';
import { HashValue, type LookupKey } from '../values/index.js';
import { isContainer } from './container-call.js';
import type { SortElement } from './sort-elements.js';
import {
  freeTemporary,
  integerOf,
  isInteger,
  newTemporaryInteger,
  newTemporaryString,
  stringLength,
} from './string-objects.js';

/** The value that a pattern leads to. */
export interface Found {
  readonly length: number;
  /** The text of the value, if the model knows it; it knows only the length of a string that is no number. */
  readonly text?: string | undefined;
  /** Whether it is encoded as an integer, which is decoded to a text for an alphabetical comparison. */
  readonly isInteger?: boolean;
  /** The handles of the object made for the value; none if the object exists already. */
  readonly parts: readonly number[];
  point(needle: LookupKey): LookupKey;
}

interface Weighing {
  readonly by: number;
  readonly isAlpha: boolean;
  readonly isDescending: boolean;
}

/** Gives each element its weight and sorts them. Returns false if a numeric sort meets a weight that is no number. */
export function weigh(call: Call, elements: SortElement[], { by, isAlpha, isDescending }: Weighing): boolean {
  let areNumbers = true;
  for (const element of elements) {
    const found = by === 0 ? undefined : lookUp(call, by, element);
    if (by > 0 && found === undefined) continue;
    const text = found === undefined ? ownText(call, element) : found.text;
    if (!isAlpha) {
      const score = text === '' ? 0 : parseFloat64(text ?? 'unknown');
      if (score === undefined) areNumbers = false;
      else element.score = score;
    } else if (found !== undefined) {
      element.weight = text ?? '';
      if (found.isInteger === true) element.weightParts = newTemporaryString(call, found.length);
    }
    if (found !== undefined) freeTemporary(call, found.parts);
  }
  if (areNumbers) arrange(call, elements, isAlpha, by > 0, isDescending);
  return areNumbers;
}

/**
 * Sorts the elements. Weights of other keys that are no numbers compare as equal, since only their lengths are known.
 */
function arrange(
  call: Call,
  elements: SortElement[],
  isAlpha: boolean,
  byPattern: boolean,
  isDescending: boolean,
): void {
  const { contents } = call.values;
  const sign = isDescending ? -1 : 1;
  elements.sort((left, right) => {
    if (isAlpha && byPattern) return sign * compareWeights(left.weight, right.weight);
    const difference = isAlpha ? 0 : left.score - right.score;
    // The difference of two infinities of one sign is NaN.
    return sign * (difference || contents.compare(left.text, right.text));
  });
}

function compareWeights(left: string | undefined, right: string | undefined): number {
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  return left < right ? -1 : 1;
}

function ownText(call: Call, { text }: SortElement): string {
  const known = call.values.contents.known(text);
  return latin1(known, 0, known.length);
}

/**
 * lookupKeyByPattern: replaces the first * of the pattern in argument `index` with the element and looks that key up.
 */
export function lookUp(call: Call, index: number, element: SortElement): Found | undefined {
  const { contents } = call.values;
  const pattern = call.text(index);
  if (pattern === '#') {
    return {
      length: contents.length(element.text),
      text: ownText(call, element),
      isInteger: element.isInteger,
      parts: [],
      point: (needle) => contents.point(element.text, needle),
    };
  }
  const star = pattern.indexOf('*');
  const decoded = element.isInteger ? newTemporaryString(call, contents.length(element.text)) : [];
  if (star < 0) {
    freeTemporary(call, decoded);
    return undefined;
  }
  const arrow = pattern.indexOf('->', star + 1);
  const isField = arrow >= 0 && arrow + 2 < pattern.length;
  const name = pattern.slice(isField ? arrow + 2 : pattern.length);
  const fieldParts = isField ? newTemporaryString(call, name.length) : [];
  const tail = pattern.slice(star + 1, isField ? arrow : pattern.length);
  const key = pattern.slice(0, star) + ownText(call, element) + tail;
  const keyParts = newTemporaryString(call, contents.length(element.text) + star + tail.length);
  freeTemporary(call, decoded);
  const row = call.lookupName(latin1Bytes(key));
  const found = row === 0 ? undefined : isField ? fieldOf(call, row, name) : stringOf(call, row);
  freeTemporary(call, keyParts);
  freeTemporary(call, fieldParts);
  return found;
}

function fieldOf(call: Call, row: number, name: string): Found | undefined {
  const hash = isContainer(call, row) ? call.modelOf(row) : undefined;
  if (!(hash instanceof HashValue)) return undefined;
  const code = hash.get(call.values.scratch.field.setText(name));
  if (code === undefined) return undefined;
  const length = hash.lengthOfValue(code);
  const bytes = hash.numberOfValue(code);
  const text = bytes === undefined ? undefined : latin1(bytes, 0, bytes.length);
  const isPacked = hash.encoding === 'listpack' && text !== undefined && /^(?:0|-?[1-9]\d{0,17})$/.test(text);
  const integer = isPacked ? newTemporaryInteger(call, Number(text)) : 0;
  const parts = isPacked ? (integer === 0 ? [] : [integer]) : newTemporaryString(call, length);
  return {
    length,
    text,
    isInteger: isPacked,
    parts,
    point: (needle) => pointAtText(call, needle, text, length),
  };
}

function stringOf(call: Call, row: number): Found | undefined {
  if (call.typeOf(row) !== ValueType.string) return undefined;
  const length = stringLength(call, row);
  const isNumber = isInteger(call, row);
  const text = isNumber ? `${integerOf(call, row)}` : call.keyspace.texts.get(row);
  return {
    length,
    text,
    isInteger: isNumber,
    parts: [],
    point: (needle) => pointAtText(call, needle, text, length),
  };
}

/** Points a needle at the text, or at letters of that length if the text is not known. */
function pointAtText(call: Call, needle: LookupKey, text: string | undefined, length: number): LookupKey {
  if (text !== undefined) return needle.setText(text);
  return needle.set(call.values.scratch.filler(length), 0, length);
}
