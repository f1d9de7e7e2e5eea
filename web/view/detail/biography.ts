/** The life of one slab or large extent, read from the sweeps of a recording. */
import { formatCount, plural } from '../../../src/base/index.js';
import { rowOfPage } from '../../../src/engine/index.js';
import type { Frame } from '../../recordings.js';

export interface Step {
  readonly kind: 'opened' | 'full' | 'freed' | 'now';
  readonly head: string;
  readonly text: string;
}

interface Sight {
  readonly frame: Frame;
  readonly live: number;
}

/** Returns the life of the granule at a page of frame `at`, in at most four steps; none if nothing begins there. */
export function biography(frames: readonly Frame[], at: number, page: number): Step[] {
  const last = frames[at];
  if (last === undefined) return [];
  const row = rowOfPage(last.snapshot.granules, page);
  if (row < 0) return [];
  const sights = sightsOf(frames, at, page);
  const [first] = sights;
  if (first === undefined) return [];
  const { granules } = last.snapshot;
  const live = granules.live[row]!;
  const regions = live + granules.parked[row]! + granules.free[row]!;
  const fullest = sights.reduce((most, sight) => (sight.live > most.live ? sight : most));
  return [
    openedStep(frames, first, regions),
    ...(fullest.live === first.live && fullest === first ? [] : [fullStep(fullest, regions)]),
    ...(live < fullest.live ? [freedStep(fullest, live, last)] : []),
    nowStep(sights, live, last),
  ];
}

/** Returns the sweeps that saw the granule, which all have it at the same place, in the same class, opened together. */
function sightsOf(frames: readonly Frame[], at: number, page: number): Sight[] {
  const last = frames[at]!.snapshot.granules;
  const row = rowOfPage(last, page);
  const sights: Sight[] = [];
  for (let index = at; index >= 0; index--) {
    const frame = frames[index]!;
    const { granules } = frame.snapshot;
    const there = rowOfPage(granules, page);
    const isSame =
      there >= 0 &&
      granules.sizeClass[there] === last.sizeClass[row] &&
      granules.openedMs[there] === last.openedMs[row] &&
      granules.allocs[there]! <= last.allocs[row]!;
    if (!isSame) break;
    sights.unshift({ frame, live: granules.live[there]! });
  }
  return sights;
}

function openedStep(frames: readonly Frame[], { frame, live }: Sight, regions: number): Step {
  const before = frames[frames.indexOf(frame) - 1];
  const when = before === undefined ? `before ${frame.phase}` : `between ${before.phase} and ${frame.phase}`;
  return {
    kind: 'opened',
    head: `Opened ${when}`,
    text: `there ${formatCount(live)} of ${plural(regions, 'region')} ${live === 1 ? 'is' : 'are'} live`,
  };
}

function fullStep({ frame, live }: Sight, regions: number): Step {
  const share = live === regions ? 'Full' : 'Fullest';
  return {
    kind: 'full',
    head: `${share} at ${frame.phase}`,
    text: `${formatCount(live)} of ${plural(regions, 'region')} live`,
  };
}

function freedStep(fullest: Sight, live: number, last: Frame): Step {
  return {
    kind: 'freed',
    head: `${formatCount(fullest.live - live)} of ${formatCount(fullest.live)} freed since`,
    text: `until ${last.phase}`,
  };
}

function nowStep(sights: readonly Sight[], live: number, last: Frame): Step {
  let since = sights.at(-1)!;
  for (const sight of [...sights].reverse()) {
    if (sight.live !== live) break;
    since = sight;
  }
  const operations = last.snapshot.position - since.frame.snapshot.position;
  const ms = last.snapshot.virtualMs - since.frame.snapshot.virtualMs;
  const age = [
    operations > 0 ? `${formatCount(operations)} operations` : '',
    ms > 0 ? `${formatCount(Math.round(ms / 1000))} s` : '',
  ].filter((text) => text !== '');
  const still =
    live === 0
      ? 'Still here, empty'
      : `Still here: ${plural(live, 'region')} ${live === 1 ? 'keeps' : 'keep'} it`;
  return {
    kind: 'now',
    head: still,
    text:
      age.length === 0
        ? `as seen at ${last.phase}`
        : `as many since ${since.frame.phase}, ${age.join(' and ')} ago`,
  };
}
