/** Chooses what a map shows of a recording. */
import { formatBytes, InputError, plural, unknownName } from '../base/index.js';
import type { BuildInfo, RegionColumns, Snapshot } from '../engine/index.js';
import {
  type Colouring,
  type ColourMode,
  colouring,
  differenceOf,
  type Ground,
  type LayoutOptions,
  layoutMap,
  type MapOrder,
  type MapSource,
  onlyClass,
} from '../map/index.js';
import type { Frame, Recording } from '../recording/index.js';
import { closeUpOf } from './close-up.js';
import type { MapPicture } from './map-picture.js';
import { residentLine } from './resident-line.js';

export interface MapChoice {
  /** The phases to show side by side; if empty, the last phase. */
  readonly phases: readonly string[];
  /** The phase since which the map shows changes. */
  readonly before?: string | undefined;
  readonly order: MapOrder;
  readonly colour: ColourMode;
  readonly ground: Ground;
  /** The size of the regions of the only class to show. */
  readonly sizeClass?: number | undefined;
  readonly retained: boolean;
}

export interface ChosenMap {
  readonly phase: string;
  readonly heading: string;
  readonly source: MapSource;
  readonly colouring: Colouring;
  readonly notes: readonly string[];
  /** The regions of the source's granules, if they were recorded. */
  readonly regions: RegionColumns | null;
}

export function chooseMaps(recording: Recording, choice: MapChoice): ChosenMap[] {
  const { frames } = recording;
  const { phases, before, colour } = choice;
  const last = lastPhase(frames);
  const shown = phases.length === 0 ? [last] : phases.map((phase) => frameNamed(frames, phase));
  if (shown.length > 1 && colour !== 'occupancy' && colour !== 'state') {
    throw new InputError(
      `--colour ${colour} with ${shown.length} phases: these colours suit a single map; give one --phase, or --colour occupancy or state`,
    );
  }
  if (before === undefined) {
    if (colour === 'difference')
      throw new InputError('--colour difference: requires a phase to compare with; add --before PHASE');
    return shown.map((frame) => mapOfFrame(frame, recording.info, choice));
  }
  if (colour !== 'difference') {
    throw new InputError(
      `--before ${before} with --colour ${colour}: --before shows the difference; remove --colour`,
    );
  }
  return [differenceMap(frameNamed(frames, before), shown[0]!, recording.info, choice)];
}

function frameNamed(frames: readonly Frame[], name: string): Frame {
  const found = frames.find(({ phase }) => phase === name);
  if (found !== undefined) return found;
  throw unknownName(
    'a phase of this recording',
    name,
    frames.map(({ phase }) => phase),
  );
}

/** Returns the last phase of the workload itself, or the last frame if only sweeps were recorded. */
function lastPhase(frames: readonly Frame[]): Frame {
  const last = frames.filter(({ phase }) => !/^(sweep|sample)-\d+$/.test(phase)).at(-1) ?? frames.at(-1);
  if (last === undefined)
    throw new InputError('this recording has no snapshots; run it again, to the end of a phase');
  return last;
}

function mapOfFrame({ phase, snapshot, owners }: Frame, info: BuildInfo, choice: MapChoice): ChosenMap {
  const { colour, ground, sizeClass } = choice;
  if (colour === 'owner' && owners === null) {
    throw new InputError(
      '--colour owner: this recording has no owners; make it with `slablab run … --owners --out DIR`',
    );
  }
  if (sizeClass !== undefined && colour === 'owner') {
    throw new InputError('--class with --colour owner: these exclude each other; remove one of the two');
  }
  const source = sourceOf(snapshot, info, sizeClass);
  return {
    phase,
    heading: headingOf(phase, snapshot),
    source,
    colouring: colouring(colour, { source, info, ground, owners }),
    notes: [noteOn(source, info, choice)],
    regions: sizeClass === undefined ? snapshot.regions : null,
  };
}

function differenceMap(before: Frame, after: Frame, info: BuildInfo, choice: MapChoice): ChosenMap {
  const { ground, sizeClass } = choice;
  const now = sourceOf(after.snapshot, info, sizeClass);
  const { source, changes } = differenceOf(sourceOf(before.snapshot, info, sizeClass), now);
  return {
    phase: after.phase,
    heading: `${after.phase}, and what has changed since ${before.phase}`,
    source,
    colouring: colouring('difference', { source, info, ground, changes }),
    notes: [`At ${after.phase}: ${noteOn(now, info, choice)}`],
    regions: null,
  };
}

function sourceOf(snapshot: Snapshot, info: BuildInfo, size: number | undefined): MapSource {
  if (size === undefined) return snapshot;
  const sizes = snapshot.bins.map((bin) => bin.size);
  if (!sizes.includes(size)) throw unknownName('a size class with slabs', `${size}`, sizes.map(String));
  return onlyClass(snapshot, info, info.sizeClasses.indexOf(size));
}

function noteOn(source: MapSource, info: BuildInfo, { order, retained, sizeClass }: MapChoice): string {
  if (sizeClass !== undefined)
    return `only slabs of class ${sizeClass}: ${formatBytes(source.memory.active)}`;
  return residentLine(layoutMap(source, info, { order, retained, columns: 512 }), source);
}

function headingOf(phase: string, { drainprof, memory }: Snapshot): string {
  return `${phase}: ${plural(drainprof.tracked, 'slab')}, used ${formatBytes(memory.usedMemory)}, resident ${formatBytes(memory.resident)}`;
}

export function titleOf({ about }: Recording): { title: string; subtitle: string } {
  const { workload, server, build, jemalloc, runtime, parameters } = about;
  const settings = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return {
    title: workload,
    subtitle: [`${server}, build ${build} (jemalloc ${jemalloc}), ${runtime}`, ...settings].join(' '),
  };
}

/** Returns the chosen maps as the picture for a file, with one scale. */
export function pictureOf(
  recording: Recording,
  maps: readonly ChosenMap[],
  { order, retained }: MapChoice,
  columns = columnsFor(maps, recording.info, order),
): MapPicture {
  const maxClasses = 1 + Math.max(MIN_CLASSES, ...maps.map(({ source }) => classesOfARow(source, columns)));
  const options: LayoutOptions = { order, retained, columns, maxClasses };
  return {
    ...titleOf(recording),
    panels: maps.map(({ heading, notes, source, colouring: colours, regions }) => {
      const layout = layoutMap(source, recording.info, options);
      const closeUp =
        regions === null ? null : closeUpOf(layout, regions, colours.ground, MAX_CLOSE_UP_SLABS);
      return { heading, notes, layout, colouring: colours, closeUp };
    }),
  };
}

/** Returns columns that make a map wider than high: in address order a power of two, for round row addresses. */
function columnsFor(maps: readonly ChosenMap[], info: BuildInfo, order: MapOrder): number {
  const bytes = Math.max(...maps.map(({ source: { memory } }) => memory.resident));
  const columns = Math.max(MIN_COLUMNS, Math.sqrt((bytes / info.pageSize) * ASPECT_RATIO));
  return order === 'address' ? 2 ** Math.round(Math.log2(columns)) : 8 * Math.ceil(columns / 8);
}

/** Returns the number of classes that fill at least one row. The others share a band. */
function classesOfARow({ granules }: MapSource, columns: number): number {
  const pages = new Map<number, number>();
  for (let granule = 0; granule < granules.count; granule++) {
    const sizeClass = granules.sizeClass[granule]!;
    pages.set(sizeClass, (pages.get(sizeClass) ?? 0) + granules.pages[granule]!);
  }
  return [...pages.values()].filter((each) => each >= columns).length;
}

const MIN_CLASSES = 2;
const MAX_CLOSE_UP_SLABS = 28;
const MIN_COLUMNS = 64;
const ASPECT_RATIO = 1.5;
