/**
 * What the WebAssembly module exports, as native/lab/lab.h declares it. Types only: the module itself is
 * build/<build>.wasm. Pointers are byte offsets into `memory`; they arrive signed, so `>>> 0` them.
 */
export interface LabExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  /** Present when the toolchain adds constructors; must be called first. */
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
  /** A module may have been linked before there was this export. */
  readonly lab_statistics?: () => number;
  /** Words: from, to, from, to, … */
  readonly lab_untouched?: () => number;
  readonly lab_page_size: () => number;
  readonly lab_quantum: () => number;
  readonly lab_cache_oblivious: () => number;
  readonly lab_instrumented: () => number;
  readonly lab_version: () => number;
  readonly lab_small_classes: () => number;
}

/** Constants of lab.h that both sides must agree on. */
export const LAB_CHUNK = 65536;
export const LAB_ROWS = 4080;
/** Of lab_locate: a handle that is not allocated. */
export const LAB_NOWHERE = 0xffffffff;
export const LAB_CONF_SIZE = 4096;
/** Ranges of lab_untouched. */
export const LAB_UNTOUCHED = 6;
