import { KIB, MIB } from '../base/index.js';

/** Limits of a server for its clients (networking.c; MAX_BULK_BYTES is the default of proto-max-bulk-len). */
export const MAX_ARGUMENTS = 0x7fffffff;
export const MAX_BULK_BYTES = 512 * MIB;
/** Limit of an inline command, and of a line that announces a count or a length. */
export const MAX_LINE_BYTES = 64 * KIB;
