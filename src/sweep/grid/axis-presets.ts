/** Frequently used sweeps, as axes. An axis of the same name that is given explicitly replaces a preset's. */
import { unknownName } from '../../base/index.js';

export interface Preset {
  readonly name: string;
  readonly meaning: string;
  /** Axes in the form of --axis. */
  readonly axes: readonly string[];
  /** Without time going by, decay does nothing: the rest that a sweep has, unless --rest says otherwise. */
  readonly restMs?: number;
  /** A note for users, reported once for each sweep. */
  readonly note?: string;
}

const decay: Preset = {
  name: 'decay',
  meaning: 'how long freed pages wait, dirty and muzzy',
  axes: ['dirty_decay_ms=0,1000,10000,-1', 'muzzy_decay_ms=0,10000'],
  restMs: 5000,
};

const tcache: Preset = {
  name: 'tcache',
  meaning: 'thread caches: off, and up to which size',
  axes: ['', 'tcache:false', 'tcache_max:1024', 'tcache_max:4096', 'tcache_max:65536'].map(asConf),
};

const quantum: Preset = {
  name: 'quantum',
  meaning: 'size classes as servers bundle them, and as distributions ship them',
  axes: ['build=q3,q4'],
};

const pages: Preset = {
  name: 'pages',
  meaning: 'pages of 4, 16 and 64 KiB',
  axes: ['build=q3,q3-p14,q3-p16'],
};

/** jemalloc 5.3.0, TUNING.md: the combinations under "Best practices", but for background threads. */
const tuningMd: Preset = {
  name: 'tuning-md',
  meaning: "the combinations that jemalloc's TUNING.md recommends, and the defaults",
  axes: [
    '',
    'metadata_thp:auto,dirty_decay_ms:30000,muzzy_decay_ms:30000',
    'narenas:4,tcache_max:4096,dirty_decay_ms:5000,muzzy_decay_ms:5000',
    'narenas:1,tcache_max:1024,dirty_decay_ms:1000,muzzy_decay_ms:0',
    'narenas:1,tcache:false,dirty_decay_ms:0,muzzy_decay_ms:0',
  ].map(asConf),
  restMs: 5000,
  note:
    'preset tuning-md: two of the combinations also say background_thread:true, which is left out, since background ' +
    'threads do not exist here; "arenas as many as CPUs" are the 4 of the simulated machine',
};

export const PRESETS: readonly Preset[] = [decay, tcache, quantum, pages, tuningMd];

export function findPreset(name: string): Preset {
  const preset = PRESETS.find((known) => known.name === name);
  if (preset !== undefined) return preset;
  throw unknownName(
    'a preset',
    name,
    PRESETS.map((known) => known.name),
  );
}

function asConf(conf: string): string {
  return `conf=${conf}`;
}
