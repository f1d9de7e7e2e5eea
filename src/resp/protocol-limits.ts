import { GIB, KIB, MIB } from '../base/index.js';

/** Limits of a server for its clients (networking.c; MAX_BULK_BYTES is the default of proto-max-bulk-len). */
export const MAX_ARGUMENTS = 0x7fffffff;
export const MAX_BULK_BYTES = 512 * MIB;
/** Limit of an inline command, and of a line that announces a count or a length. */
export const MAX_LINE_BYTES = 64 * KIB;

/**
 * Limit of how deep a reply is nested. Scripts nest deepest: Redis 7.0.15 replies with at most 7,995 arrays inside each
 * other, as Lua's stack has 8,000 slots (LUAI_MAXCSTACK).
 */
export const MAX_REPLY_DEPTH = 10_000;
/** Limit of the elements of an aggregate. Each takes at least 4 bytes, so more would be a reply of over 4 GiB. */
export const MAX_REPLY_ELEMENTS = 2 ** 30;
/** Limit of a string in a reply. A proto-max-bulk-len may be far over its default; no server holds a string as long. */
export const MAX_REPLY_STRING_BYTES = 1024 * GIB;
/** Limit of what is kept or written of a reply as one text; engines end at 2^29 - 24 characters. */
export const MAX_REPLY_TEXT = 500_000_000;
