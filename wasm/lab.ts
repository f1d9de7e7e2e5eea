/**
 * The exports of a WebAssembly module (build/<build>.wasm), as native/lab/lab.h declares them. Pointers are byte offsets
 * into `memory`. WebAssembly returns them signed, so callers apply `>>> 0`.
 */
export interface LabExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  /** Runs constructors, if the toolchain adds any. It must be called first. */
  readonly _initialize?: () => void;
  readonly lab_chunk: () => number;
  readonly lab_conf: () => number;
  readonly lab_message: () => number;
  readonly lab_boot: (hooks: number) => number;
  readonly lab_refuse: (from: number, count: number) => void;
  readonly lab_replay: (from: number, to: number) => number;
  readonly lab_stop: () => number;
  readonly lab_fields: (record: number) => number;
  readonly lab_survey_begin: (withRegions: number) => number;
  readonly lab_survey_rows: () => number;
  readonly lab_survey_parked: (from: number) => number;
  readonly lab_survey_end: () => number;
  readonly lab_totals: () => number;
  readonly lab_classes: () => number;
  readonly lab_class_count: () => number;
  readonly lab_granules: () => number;
  readonly lab_extents: () => number;
  readonly lab_regions: () => number;
  readonly lab_locate: (from: number) => number;
  readonly lab_located: () => number;
  /** Absent in modules linked from older sources. */
  readonly lab_statistics?: () => number;
  /** Returns LAB_UNTOUCHED pairs of words: from, to. Absent in modules linked from older sources. */
  readonly lab_untouched?: () => number;
  readonly lab_page_size: () => number;
  readonly lab_quantum: () => number;
  readonly lab_cache_oblivious: () => number;
  readonly lab_instrumented: () => number;
  readonly lab_version: () => number;
  readonly lab_small_classes: () => number;
}

// Constants of native/lab/lab.h; test/native/constants.test.ts holds them equal.

/** Operations that one call of lab_replay takes at most. */
export const LAB_CHUNK = 65536;
/** Rows of a batch of lab_survey_rows. */
export const LAB_ROWS = 4080;
/** The place that lab_locate returns for a handle that is not allocated. */
export const LAB_NOWHERE = 0xffffffff;
/** Bytes of the buffer lab_conf, with the terminating NUL. */
export const LAB_CONF_SIZE = 4096;
/** Number of ranges that lab_untouched returns. */
export const LAB_UNTOUCHED = 6;
