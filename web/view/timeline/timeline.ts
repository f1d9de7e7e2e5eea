import { formatCount, plural } from '../../../src/base/index.js';
import type { Frame } from '../../recordings.js';
import type { View } from '../../state.js';
import { element, uniqueId } from '../dom/element.js';
import { areaChart, type PartsThen } from './area.js';
import { nearestFrame, type TimeAxis, timeAxis } from './axis.js';
import { Player } from './play.js';

export interface TimelineHandle {
  /** Shows the frames and their parts, on a scale up to `highest`; a growing recording is shown again with more. */
  show(frames: readonly Frame[], moments: readonly PartsThen[], highest: number): void;
  moment(index: number): void;
}

/** Makes the play button and the scrubber on the chart of resident memory. `goTo` receives the wanted frame. */
export function timeline(container: HTMLElement, goTo: (frame: number) => void, view: View): TimelineHandle {
  let frames: readonly Frame[] = [];
  let axis: TimeAxis = timeAxis(frames);
  let at = 0;

  const player = new Player(
    () => {
      if (at >= frames.length - 1) return false;
      goTo(at + 1);
      return at < frames.length - 1;
    },
    (playing) => {
      play.textContent = playing ? '❚❚' : '▶';
      play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
      view.change({ isPlaying: playing });
    },
  );
  const play = element('button', { type: 'button', class: 'play', 'aria-label': 'Play' }, '▶');
  const scrubber = element('input', {
    type: 'range',
    class: 'scrubber',
    min: 0,
    max: 0,
    step: 1,
    id: uniqueId('scrubber'),
    'aria-label': 'Moment of the run',
  });
  const name = element('output', { class: 'moment', for: scrubber.id });
  const marks = element('div', { class: 'marks', 'aria-hidden': true });
  const track = element('div', { class: 'track' });
  const gutter = () => Number.parseFloat(getComputedStyle(container).getPropertyValue('--gutter-px')) || 68;
  const chart = areaChart(track, gutter, (frame) => {
    player.stop();
    goTo(frame);
  });
  track.append(marks, scrubber);
  container.append(track, element('div', { class: 'timeline-head' }, play, name));

  // The scrubber has the scale of the charts, so that thumb and line align; keys step from sweep to sweep.
  const STEPS = 10_000;
  const share = (index: number) => {
    const [from, to] = [axis.at[0] ?? 0, axis.at.at(-1) ?? 1];
    return to === from ? 0 : ((axis.at[index] ?? from) - from) / (to - from);
  };
  scrubber.max = String(STEPS);
  scrubber.addEventListener('input', () => {
    player.stop();
    const [from, to] = [axis.at[0] ?? 0, axis.at.at(-1) ?? 1];
    const wanted = nearestFrame(axis, from + (Number(scrubber.value) / STEPS) * (to - from));
    goTo(wanted);
    moment(at);
  });
  scrubber.addEventListener('keydown', (event) => {
    const target = keyTarget(event.key, at, frames.length);
    if (target === null) return;
    event.preventDefault();
    player.stop();
    goTo(target);
  });
  play.addEventListener('click', () => {
    if (player.playing) return player.stop();
    if (at >= frames.length - 1) goTo(0);
    player.start(frames.length);
  });

  function moment(index: number): void {
    at = Math.min(index, Math.max(0, frames.length - 1));
    const frame = frames[at];
    if (frame === undefined) return;
    scrubber.value = String(Math.round(share(at) * STEPS));
    const told = `${frame.phase}, ${at + 1} of ${plural(frames.length, 'sweep')}`;
    scrubber.setAttribute('aria-valuetext', told);
    name.replaceChildren(
      element('b', {}, frame.phase),
      ` ${formatCount(at + 1)} of ${plural(frames.length, 'sweep')} · ${when(frame)}`,
    );
    chart.moment(at);
  }

  function placeMarks(): void {
    marks.replaceChildren(
      ...roomyMarks(frames, chart.x).map(({ index, left, label }) => {
        const mark = element('span', { class: 'mark', style: `left:${left}px` }, element('span', {}, label));
        if (left < gutter() + MARK_PX) mark.classList.add('mark-start');
        mark.addEventListener('click', () => goTo(index));
        return mark;
      }),
    );
  }
  new ResizeObserver(placeMarks).observe(track);

  return {
    show(newFrames, moments, highest) {
      frames = newFrames;
      axis = timeAxis(frames);
      container.classList.toggle('is-single', frames.length < 2);
      play.disabled = frames.length < 2;
      scrubber.disabled = frames.length < 2;
      chart.show(moments, axis, highest);
      placeMarks();
      moment(at);
    },
    moment,
  };
}

/** Returns the frame that a key of the scrubber selects; null for any other key. */
function keyTarget(key: string, at: number, count: number): number | null {
  const last = count - 1;
  const page = Math.max(1, Math.round(count / 10));
  const targets: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    PageUp: at + page,
    PageDown: at - page,
    Home: 0,
    End: last,
  };
  const target = targets[key];
  return target === undefined ? null : Math.max(0, Math.min(last, target));
}

interface Mark {
  readonly index: number;
  readonly left: number;
  readonly label: string;
}

/** Room for the name of a phase. */
const MARK_PX = 96;

/** Returns marks for the named phases that have room for their names; the last one always has a mark. */
function roomyMarks(frames: readonly Frame[], x: (index: number) => number): Mark[] {
  const named = frames.flatMap(({ phase }, index) =>
    /^(sweep|sample)-\d+$/.test(phase) ? [] : [{ index, left: x(index), label: phase }],
  );
  const last = named.at(-1);
  const kept: Mark[] = [];
  for (const mark of named) {
    const previous = kept.at(-1);
    const isFree = previous === undefined || mark.left - previous.left >= MARK_PX;
    const leavesRoom = last === undefined || mark === last || last.left - mark.left >= MARK_PX;
    if (isFree && leavesRoom) kept.push(mark);
  }
  return kept;
}

function when({ snapshot }: Frame): string {
  const seconds = snapshot.virtualMs / 1000;
  const time = seconds < 60 ? `${seconds.toFixed(1)} s` : `${formatCount(Math.round(seconds / 60))} min`;
  return `after ${formatCount(snapshot.position)} operations, ${time} of virtual time`;
}
