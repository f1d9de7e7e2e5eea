/** The bytes of a raw recording. native/recorder/format.h describes them and has the same numbers. */

export const RAW_VERSION = 1;
export const STREAM_MAGIC = 'SLABREC\n';
export const STREAM_HEADER_BYTES = 32;
export const BYTE_ORDER_MARK = 0x01020304;
export const WORD_BYTES = 8;

/** Kinds of records. */
export const RecordKind = {
  none: 0,
  pad: 1,
  malloc: 2,
  calloc: 3,
  realloc: 4,
  free: 5,
  freeSized: 6,
  aligned: 7,
  mallocNoTcache: 8,
  freeNoTcache: 9,
  rallocx: 10,
  xallocx: 11,
  failed: 12,
  clock: 13,
  thread: 14,
  threadEnd: 15,
  site: 16,
} as const;

export const HEAD_LATE = 1 << 13;
export const HEAD_PLACED = 1 << 14;
export const HEAD_SITE = 1 << 15;
export const MAX_FRAMES = 32;
/** The largest record: a head, four fields of up to 8 bytes, and a site's addresses. */
export const MAX_RECORD_BYTES = 2 + 8 + 7 + 7 + 3 + 1 + 8 * MAX_FRAMES + 8;

/** The shared page: its state, and the limit of bytes (0: none). */
export const CONTROL_BYTES = 4096;
export const Control = { state: 0, fullReason: 4, bytes: 8, maxBytes: 16 } as const;
export const State = { recording: 0, paused: 1, stopped: 2, full: 3 } as const;
/** The counts of a process. */
export const Counts = { lost: 0, sitesLost: 8, threads: 16, fullReason: 24 } as const;
export const COUNTS_BYTES = 32;
