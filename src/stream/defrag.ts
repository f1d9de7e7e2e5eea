/**
 * The operations of active defragmentation. A model knows no allocator, so the stream says what a server scans and in
 * which order. The engine decides whether the defragger runs, how much effort it takes and which regions move. One
 * stream therefore serves every allocator.
 *
 *     defragSet      a setting of the defragger, before the first pass and whenever one changes
 *     defragPass     the beginning of a pass, where the engine checks the thresholds, and its end
 *     defragTry      one region that the scan has reached
 *     defragMalloc   the server's own allocations for the pass
 *     defragFree
 */

/** The settings of defragSet, by number; native/lab/defrag.c has the same. */
export const DEFRAG_SETTINGS = [
  /** The way in which servers decide, an index in DEFRAG_FAMILIES. */
  'family',
  /** 1 if activedefrag is on. */
  'enabled',
  /** Percent of fragmentation at which a pass begins, and of the most effort. */
  'thresholdLower',
  'thresholdUpper',
  /** Bytes of fragmentation at which a pass begins. */
  'ignoreBytes',
  /** The least and the most effort, in percent of a core. */
  'cycleMin',
  'cycleMax',
  /** 1 if fragmentation is the free regions of slabs; 0 if it is active less allocated bytes. */
  'smallBins',
  /** 1 if the effort falls after passes that gain little. */
  'decays',
  /** 1 if changed cycles and upper thresholds count for the pass that runs. */
  'setsAnew',
  /** Microseconds between two checks of a running defragger. */
  'checkMicros',
  /** The first thread whose arena is not part of the server's fragmentation; 0 if all are. */
  'otherThreads',
] as const;
export type DefragSetting = (typeof DEFRAG_SETTINGS)[number];

/** The ways in which servers ask their allocator about a region: see decide_family_t in native/jemalloc/decide.h. */
export const DEFRAG_FAMILIES = ['hint', 'query', 'query-sparse'] as const;
export type DefragFamily = (typeof DEFRAG_FAMILIES)[number];

/** Bits of the size word of defragTry; the bits above them are the nanoseconds that the scan takes to reach the region. */
export const SCAN_BEGINS_KEY = 1;
export const SCAN_ENDS_KEY = 2;
export const SCAN_NS_SHIFT = 2;
