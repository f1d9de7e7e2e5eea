import { findServer, nearestServer, serverNameOf } from '../../model/index.js';
import type { Product } from '../server/products.js';
import type { ClassHoles, Explanation, PartName, Rounding } from './explanation.js';

/** Enough keys for stable shares, few enough for a run of seconds. */
const MAX_KEYS = 200_000;
const MIN_KEYS = 1000;
/** Bytes that fit the lab's 32-bit address space, with a margin. */
const MAX_BYTES = 2 ** 28;
/** The least share of active memory that the lab is asked to keep. */
const MIN_USED = 0.01;
/** Larger values would be too few to delete at random. */
const MAX_VALUE_BYTES = 2 ** 20;

export interface LabContext {
  /** Null for a program, and for a server whose INFO does not show its product. */
  readonly product: Product | null;
  /** Null if INFO does not say it. */
  readonly allocator: string | null;
  /** Null without statistics. */
  readonly quantum: number | null;
  readonly pageSize: number | null;
  readonly allocated: number | null;
  readonly active: number | null;
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
      return scatteredDelete(context, scattered(context));
    case 'parked':
      return withConf(scatteredDelete(context, topClass(context)), 'tcache:false');
    case 'dirty':
    case 'muzzy':
    case 'dirty-or-metadata':
      return withConf(scatteredDelete(context, { order: 'sequential', drop: 0.9 }), 'dirty_decay_ms:0');
    case 'metadata':
      return scatteredDelete(context, { order: 'sequential', drop: 0.9 });
    case 'padding':
      // The build q3 has no padding, which shows the difference.
      return scatteredDelete(context, topClass(context), 'q3');
    case 'data':
      return scatteredDelete(context, typicalKey(context));
    default:
      return null;
  }
}

function withConf(command: string | null, conf: string): string | null {
  return command === null ? null : `${command} --conf ${conf}`;
}

/** Keys, and which of them are deleted. What is undefined is the default of the workload. */
interface Keys {
  readonly size?: number;
  readonly regions?: number;
  readonly order?: 'random' | 'sequential';
  readonly drop?: number;
}

function topClass({ top }: LabContext): Keys {
  return top === null ? {} : { size: top.size, regions: top.bytes / top.size };
}

/** Approximate bytes of a key without its value: entry, bucket, object, name. */
const KEY_OVERHEAD_BYTES = 88;

/** Returns the class of most live data, if there is one; else the average size of a key. */
function typicalKey({ keys, top }: LabContext): Keys {
  if (keys === null) return {};
  const bytes = keys.count * keys.bytesEach;
  if (top !== null && top.bytes > bytes / 2 && top.bytes <= bytes)
    return { size: top.size, regions: keys.count };
  return { size: Math.max(64, keys.bytesEach - KEY_OVERHEAD_BYTES), regions: keys.count };
}

/** Returns keys, and the share of them to delete at random, that lead to the holes of the server. */
function scattered(context: LabContext): Keys {
  const { holed } = context;
  if (holed === undefined) {
    const used = usedOfActive(context);
    const { size, regions } = typicalKey(context);
    const keys = { regions: (regions ?? MAX_KEYS / 2) / used, order: 'random', drop: 1 - used } as const;
    return size === undefined ? keys : { ...keys, size };
  }
  const perSlab = holed.regions / holed.slabs;
  const drop = droppedShare(holed.util, perSlab);
  // Slabs that lost all their regions were drained, so the original regions were more.
  return { size: holed.size, regions: holed.regions / (1 - drop ** perSlab), order: 'random', drop };
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

/** Class and number of values, where the server's figures do not say them. */
const DEFAULTS = { size: 1024, regions: MAX_KEYS / 2 };

function scatteredDelete(context: LabContext, keys: Keys, build = buildOf(context)): string | null {
  if (build === null) return null;
  const size = Math.min(keys.size ?? DEFAULTS.size, MAX_VALUE_BYTES);
  const max = Math.min(MAX_KEYS, Math.floor(MAX_BYTES / size));
  const settings: Record<string, string | number> = {
    keys: Math.min(max, Math.max(MIN_KEYS, Math.round(keys.regions ?? DEFAULTS.regions))),
    valueBytes: valueBytesOf(size),
    ...(keys.order === undefined ? {} : { order: keys.order }),
    ...(keys.drop === undefined ? {} : { drop: Math.round(keys.drop * 100) / 100 }),
  };
  return [
    'slablab run scattered-delete',
    ...modelOf(context.product),
    `--build ${build}`,
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

function usedOfActive({ allocated, active }: LabContext): number {
  if (allocated === null || active === null || active === 0) return 1;
  return Math.min(1, Math.max(MIN_USED, allocated / active));
}

/**
 * Returns the shell line that saves a server's keys and tries on them what would free memory; null for a product that is
 * not modelled.
 */
export function adviceCommand(context: LabContext): string | null {
  const { product } = context;
  const build = buildOf(context);
  if (build === null || (product?.name !== 'redis' && product?.name !== 'valkey')) return null;
  // The file itself says which server has written it.
  const model =
    product.version === null ? '' : ` --server ${nearestServer(product.name, product.version).name}`;
  return `${product.cli} --rdb dump.rdb && slablab advise dump.rdb${model} --build ${build}`;
}

function modelOf(product: Product | null): string[] {
  if (product === null) return [];
  const model = findServer(serverNameOf(product.name, product.version ?? ''));
  return model === undefined ? [] : [`--server ${model.name}`];
}

/** Returns the build of the lab with the size classes of the server or program; null if there is none. */
function buildOf({ product, allocator, quantum, pageSize, bundled }: LabContext): string | null {
  const isOld = allocator?.startsWith('jemalloc-5.2') === true;
  if (quantum === null) return bundled === false ? 'q4' : isOld && product !== null ? 'q3-5.2.1' : 'q3';
  // The builds with larger pages are not part of an installation.
  if (pageSize !== null && pageSize !== 4096) return null;
  if (quantum === 16) return 'q4';
  return isOld ? 'q3-5.2.1' : 'q3';
}
