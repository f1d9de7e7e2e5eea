import { KIB, MIB } from '../base/index.js';

/** What a server accepts of a client (networking.c; proto-max-bulk-len is its default). */
export const MAX_ARGUMENTS = 0x7fffffff;
export const MAX_BULK_BYTES = 512 * MIB;
/** Of an inline command, and of a line that announces a count or a length. */
export const MAX_LINE_BYTES = 64 * KIB;
