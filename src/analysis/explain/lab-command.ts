import { findServer, serverNameOf } from '../../model/index.js';
import type { MallocStats } from '../malloc-stats.js';
import type { ServerInfo } from '../server-info.js';
import type { ClassHoles, Explanation, PartName, Rounding } from './explanation.js';

/** Enough for shares to be steady, few enough for seconds. */
const MOST_KEYS = 200_000;
const FEWEST_KEYS = 1000;
/** What the lab's WebAssembly has room for, with a margin. */
const MOST_BYTES = 2 ** 28;
/** Larger values are too few for any pattern of deletions. */
const LARGEST_VALUE = 2 ** 20;

export interface LabContext {
  readonly info: ServerInfo;
  readonly stats: MallocStats | null;
  /** The class with the most holes, and the one that holds most. */
  readonly holed: ClassHoles | undefined;
  readonly top: Rounding['top'];
  /** Bytes of keys and values, and how many keys: null without INFO's Keyspace section. */
  readonly keys: Explanation['keys'];
  readonly bundled: boolean | null;
}

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
      // A build without it, for comparison.
      return scatteredDelete({ ...context, bundled: true, stats: null }, ...topClass(context), {});
    case 'data':
      return scatteredDelete(context, ...usualKey(context), {});
    default:
      return null;
  }
}

function topClass({ top }: LabContext): [size?: number, regions?: number] {
  return top === null ? [] : [top.size, top.bytes / top.size];
}

/** What a key takes beside its value, roughly: entry, bucket, object, name. */
const BESIDE_VALUE = 88;

/** Most live data may be in one class; else a key of average size. */
function usualKey({ keys, top }: LabContext): [size?: number, regions?: number] {
  if (keys === null) return [];
  const bytes = keys.count * keys.bytesEach;
  if (top !== null && top.bytes > bytes / 2 && top.bytes <= bytes) return [top.size, keys.count];
  return [Math.max(64, keys.bytesEach - BESIDE_VALUE), keys.count];
}

/** Keys as they may have been before some of them went, at random, and left these holes. */
function scattered(context: LabContext): [size?: number, regions?: number, deletion?: Deletion] {
  const { holed, info } = context;
  if (holed === undefined) {
    const used = usedOfActive(info);
    const [size = 1024, keys = MOST_KEYS / 2] = usualKey(context);
    return [size, keys / used, { order: 'random', drop: 1 - used }];
  }
  const perSlab = holed.regions / holed.slabs;
  const drop = droppedShare(holed.util, perSlab);
  // The slabs that lost all of their regions are not there any more.
  return [holed.size, holed.regions / (1 - drop ** perSlab), { order: 'random', drop }];
}

/**
 * The share d of regions that went, if each went by itself: of the slabs 1 - d^n are left, so that in them the share
 * (1 - d) / (1 - d^n) is used, which falls from 1 to 1/n as d grows.
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
  regions = MOST_KEYS / 2,
  { order, drop }: Deletion = {},
): string {
  if (size > LARGEST_VALUE) return scatteredDelete(context, LARGEST_VALUE, regions, { order, drop });
  const most = Math.min(MOST_KEYS, Math.floor(MOST_BYTES / size));
  const settings: Record<string, string | number> = {
    keys: Math.min(most, Math.max(FEWEST_KEYS, Math.round(regions))),
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

/** A string whose allocation is of this size class: with its object up to 44 bytes, else with a header and an end. */
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

/** The lab's build with the same size classes. */
function buildOf({ info, stats, bundled }: LabContext): string {
  if (stats === null) return bundled === false ? 'q4' : 'q3';
  if (stats.quantum === 16) return 'q4';
  if (stats.pageSize === 4096) return info.allocator === 'jemalloc-5.2.1' ? 'q3-5.2.1' : 'q3';
  return `q3-p${Math.log2(stats.pageSize)}`;
}
