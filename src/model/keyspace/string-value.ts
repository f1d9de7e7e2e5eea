import { ValueType } from './value-model.js';

/** The encodings of a string value. */
export const StringEncoding = { integer: 1, embedded: 2, raw: 3, sharedInteger: 4 } as const;
export type StringEncoding = (typeof StringEncoding)[keyof typeof StringEncoding];

/** Whether a raw string's room was cut to its length, even if the allocator had room to spare (sdsResize). */
const TIGHT = 1 << 8;
const HEADER_SHIFT = 9;

/** Returns the kind of a string: type, encoding and, if raw, the bytes of its sds header and whether it is tight. */
export function stringKind(encoding: StringEncoding, headerBytes = 0, isTight = false): number {
  return ValueType.string | (encoding << 4) | (isTight ? TIGHT : 0) | ((headerBytes >>> 1) << HEADER_SHIFT);
}

export function typeOfKind(kind: number): ValueType {
  return (kind & 15) as ValueType;
}

export function encodingOfKind(kind: number): StringEncoding {
  return ((kind >>> 4) & 15) as StringEncoding;
}

export function headerOfKind(kind: number): number {
  return ((kind >>> HEADER_SHIFT) << 1) | 1;
}

export function isTightKind(kind: number): boolean {
  return (kind & TIGHT) !== 0;
}

/** Returns the bytes of a string's sds (header, text, end mark); 0 for any other value. See logical-size.ts. */
export function stringBytes(kind: number, length: number): number {
  if (typeOfKind(kind) !== ValueType.string) return 0;
  switch (encodingOfKind(kind)) {
    case StringEncoding.raw:
      return headerOfKind(kind) + length + 1;
    case StringEncoding.embedded:
      return EMBEDDED_HEADER + length + 1;
    default:
      return 0;
  }
}

const EMBEDDED_HEADER = 3;

/**
 * The four words that a keyspace row keeps of its value. Callers reuse one Value as a register to pass values.
 *
 *     kind     type in bits 0-3, encoding of a string in bits 4-7, then what its sds is like (see stringKind)
 *     object   handle of the robj (of an embedded string: with its text); 0 for a shared integer
 *     payload  raw string: handle of its sds. Integer: low 32 bits. Anything but a string: its slot among the models
 *     detail   string: its length. Integer: high 32 bits
 */
export class Value {
  kind = 0;
  object = 0;
  payload = 0;
  detail = 0;

  set(kind: number, object: number, payload: number, detail: number): this {
    this.kind = kind;
    this.object = object;
    this.payload = payload;
    this.detail = detail;
    return this;
  }
}
