import { findServer, serverNameOf } from '../../model/index.js';
import type { MallocStats } from '../malloc-stats.js';
import type { ServerInfo } from '../server-info.js';
import type { ClassHoles, Explanation, PartName, Rounding } from './explanation.js';

/** Enough keys for stable shares, few enough for a run of seconds. */
const MAX_KEYS = 200_000;
const MIN_KEYS = 1000;
/** Bytes that fit the lab's 32-bit address space, with a margin. */
const MAX_BYTES = 2 ** 28;
/** Larger values would be too few to delete at random. */
const MAX_VALUE_BYTES = 2 ** 20;

export interface LabContext {
  readonly info: ServerInfo;
  readonly stats: MallocStats | null;
  /** The class with the most holes. */
  readonly holed: ClassHoles | undefined;
  /** The class with the most bytes. */
  readonly top: Rounding['top'];
  /** Null without INFO's Keyspace section. */
  readonly keys: Explanation['keys'];
  readonly bundled: boolean | null;
}

/** Returns a command of the lab that reproduces a part of RSS; null if none does. */
export function labCommand(part: PartName, context: LabContext): string | null {
  switch (part) {
    case 'holes':
      return scatteredDelete(context, ...scattered(context));
    case 'parked':
      return `${scatteredDelete(context, ...topClass(context), {})} --conf tcache:false`;
    case 'dirty':
    case 'muzzy':
    case 'dirty-or-metadata':
      return `${scatteredDelete(context, undefined, undefined, { order: 'sequential', drop: 0.9 })} --conf dirty_decay_ms:0`;
    case 'metadata':
      return scatteredDelete(context, undefined, undefined, { order: 'sequential', drop: 0.9 });
    case 'padding':
      // The build q3 has no padding, which shows the difference.
      return scatteredDelete({ ...context, bundled: true, stats: null }, ...topClass(context), {});
    case 'data':
      return scatteredDelete(context, ...typicalKey(context), {});
    default:
      return null;
  }
}

function topClass({ top }: LabContext): [size?: number, regions?: number] {
  return top === null ? [] : [top.size, top.bytes / top.size];
}

/** Approximate bytes of a key without its value: entry, bucket, object, name. */
const KEY_OVERHEAD_BYTES = 88;

/** Returns the class of most live data, if there is one; else the average size of a key. */
function typicalKey({ keys, top }: LabContext): [size?: number, regions?: number] {
  if (keys === null) return [];
  const bytes = keys.count * keys.bytesEach;
  if (top !== null && top.bytes > bytes / 2 && top.bytes <= bytes) return [top.size, keys.count];
  return [Math.max(64, keys.bytesEach - KEY_OVERHEAD_BYTES), keys.count];
}

/** Returns keys, and the share of them to delete at random, that lead to the holes of the server. */
function scattered(context: LabContext): [size?: number, regions?: number, deletion?: Deletion] {
  const { holed, info } = context;
  if (holed === undefined) {
    const used = usedOfActive(info);
    const [size = 1024, keys = MAX_KEYS / 2] = typicalKey(context);
    return [size, keys / used, { order: 'random', drop: 1 - used }];
  }
  const perSlab = holed.regions / holed.slabs;
  const drop = droppedShare(holed.util, perSlab);
  // Slabs that lost all their regions were drained, so the original regions were more.
  return [holed.size, holed.regions / (1 - drop ** perSlab), { order: 'random', drop }];
}

/**
 * Returns the share d of regions whose independent deletion gives a utilization of `util`. Of slabs with n regions,
 * 1 - d^n remain. Their utilization is (1 - d) / (1 - d^n), which falls from 1 to 1/n as d grows, so bisection finds d.
 */
function droppedShare(util: number, perSlab: number): number {
  let low = 0;
  let high = 0.99;
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if ((1 - middle) / (1 - middle ** perSlab) > util) low = middle;
    else high = middle;
  }
  return Math.round(low * 100) / 100;
}

interface Deletion {
  readonly order?: string | undefined;
  readonly drop?: number | undefined;
}

function scatteredDelete(
  context: LabContext,
  size = 1024,
  regions = MAX_KEYS / 2,
  { order, drop }: Deletion = {},
): string {
  if (size > MAX_VALUE_BYTES) return scatteredDelete(context, MAX_VALUE_BYTES, regions, { order, drop });
  const max = Math.min(MAX_KEYS, Math.floor(MAX_BYTES / size));
  const settings: Record<string, string | number> = {
    keys: Math.min(max, Math.max(MIN_KEYS, Math.round(regions))),
    valueBytes: valueBytesOf(size),
    ...(order === undefined ? {} : { order }),
    ...(drop === undefined ? {} : { drop: Math.round(drop * 100) / 100 }),
  };
  return [
    'slablab run scattered-delete',
    ...modelOf(context.info),
    `--build ${buildOf(context)}`,
    ...Object.entries(settings).map(([name, value]) => `--set ${name}=${value}`),
  ].join(' ');
}

/**
 * Returns the length of a string whose allocation has this size class. Up to 44 bytes it is embedded, with 20 bytes of
 * object, header and NUL; longer ones have 16 bytes of header, NUL and margin.
 */
function valueBytesOf(size: number): number {
  return size <= 64 ? Math.max(1, size - 20) : size - 16;
}

function usedOfActive({ sample: { allocated, active } }: ServerInfo): number {
  return active === 0 ? 1 : Math.min(1, allocated / active);
}

function modelOf({ product, version }: ServerInfo): string[] {
  const model = findServer(serverNameOf(product ?? '', version ?? ''));
  return model === undefined ? [] : [`--server ${model.name}`];
}

/** Returns the build of the lab with the server's size classes. */
function buildOf({ info, stats, bundled }: LabContext): string {
  if (stats === null) return bundled === false ? 'q4' : 'q3';
  if (stats.quantum === 16) return 'q4';
  if (stats.pageSize === 4096) return info.allocator === 'jemalloc-5.2.1' ? 'q3-5.2.1' : 'q3';
  return `q3-p${Math.log2(stats.pageSize)}`;
}
