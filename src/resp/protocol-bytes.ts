/** The bytes of the protocol: line ends, digits, and the first byte of each type. */

export const CR = 0x0d;
export const LF = 0x0a;
export const ZERO = 0x30;

export const STATUS = 0x2b; // +
export const ERROR = 0x2d; // -
export const INTEGER = 0x3a; // :
export const BULK = 0x24; // $
export const ARRAY = 0x2a; // *
/** The further types of RESP3. */
export const NULL = 0x5f; // _
export const BOOLEAN = 0x23; // #
export const DOUBLE = 0x2c; // ,
export const BIG_NUMBER = 0x28; // (
export const BULK_ERROR = 0x21; // !
export const VERBATIM = 0x3d; // =
export const MAP = 0x25; // %
export const SET = 0x7e; // ~
export const ATTRIBUTE = 0x7c; // |
export const PUSH = 0x3e; // >

/** The sign of the lengths of nulls in RESP2, `$-1` and `*-1`. */
export const MINUS = 0x2d;

/** The version that a client asks for with HELLO. */
export type Protocol = 2 | 3;

/** Whether replies of this type are errors. */
export function isErrorType(type: number | undefined): boolean {
  return type === ERROR || type === BULK_ERROR;
}
