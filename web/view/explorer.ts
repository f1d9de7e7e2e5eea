/** Connects the parts of the view with the two stores. */

import { progressText } from '../progress-text.js';
import type { Frame, Recordings, Shown } from '../recordings.js';
import type { Running } from '../session.js';
import type { View } from '../state.js';
import type { Store } from '../store.js';
import { showFindings } from './aside/findings.js';
import { showKnown } from './aside/known.js';
import { type OwnersHandle, ownersList } from './aside/owners.js';
import { phoneSheets } from './aside/phone-sheets.js';
import { type Change, changeKey, remediesOf, remedyOfOwner } from './aside/remedies.js';
import { type RemediesHandle, type RunBeside, remediesList } from './aside/remedies-list.js';
import { type BarHandle, bar, toggled } from './bar/bar.js';
import { type ClassTableHandle, classTable } from './classes/class-table.js';
import { letter, type PairView, pairView, type ShownSide } from './compare/pair-view.js';
import { type DetailHandle, detail } from './detail/detail.js';
import { button, element } from './dom/element.js';
import { type CommonFit, fitBoth } from './fit-both.js';
import { groundOf, onGroundChange } from './ground.js';
import { showLegend } from './legend.js';
import { createCamera, transformOf, zoomOf } from './map/camera.js';
import { type Pane, pane } from './map/pane.js';
import type { Scene } from './map/scene.js';
import { type Moment, momentOf, partsOf } from './moment.js';
import { markdownOf } from './save/markdown.js';
import { EXPORTS, type Export, save } from './save/save.js';
import { pageOfItem, Scenes } from './scenes.js';
import { highestOf, type PartsThen } from './timeline/area.js';
import { counterpart, timeAxis } from './timeline/axis.js';
import { type ChartsHandle, charts } from './timeline/charts.js';
import { type TimelineHandle, timeline } from './timeline/timeline.js';
import { titlesOf } from './titles.js';
import { type VerdictHandle, verdict } from './verdict/verdict.js';
import './style/view.css';
import './style/adapt.css';

/** Windows up to this width show the panel of the chosen slab as a sheet over the page. */
const WITH_SHEET = '(max-width: 69.99rem)';

interface Side {
  readonly root: HTMLElement;
  readonly header: HTMLElement;
  readonly pane: Pane;
  readonly scenes: Scenes;
  readonly title: HTMLElement;
  readonly verdict: VerdictHandle;
}

/** The recording and the frame that one side shows now. */
interface Current {
  readonly shown: Shown;
  readonly title: string;
  readonly frame: Frame;
  readonly index: number;
  readonly moment: Moment;
}

export interface ExplorerParts {
  readonly view: View;
  readonly recordings: Recordings;
  /** Runs the shown experiment with a change beside it; null if nothing can be run here. */
  readonly runBeside: ((change: Change) => void) | null;
  /** Closes one of two runs; null if they cannot be closed here. */
  readonly close: ((side: 0 | 1) => void) | null;
  /** The run in progress; null if nothing can be run here. */
  readonly running: Store<Running | null> | null;
  /** Opens the settings of the next run; null if nothing can be run here. */
  readonly changeRun: (() => void) | null;
  /** Returns the page in one file without recordings, null if it cannot be had; null where the page is that file. */
  readonly singlePage: (() => Promise<string | null>) | null;
}

export class Explorer {
  readonly #view: View;
  readonly #recordings: Recordings;
  readonly #close: ExplorerParts['close'];
  readonly #running: ExplorerParts['running'];
  readonly #camera = createCamera();
  readonly #root = element('div', { class: 'explorer', hidden: true });
  readonly #verdicts = element('div', { class: 'verdicts' });
  readonly #pair: PairView;
  readonly #panes = element('div', { class: 'panes' });
  readonly #legend = element('div', { class: 'legend' });
  readonly #known = element('section', { class: 'known', 'aria-label': 'Published figures' });
  readonly #causes = element('div', { class: 'causes' });
  readonly #findings = element('section', { class: 'findings', 'aria-label': 'Findings' });
  readonly #bar: BarHandle;
  readonly #owners: OwnersHandle;
  readonly #remedies: RemediesHandle;
  readonly #table: ClassTableHandle;
  readonly #charts: ChartsHandle;
  readonly #detail: DetailHandle;
  readonly #timelines: readonly (readonly [HTMLElement, TimelineHandle])[];
  readonly #sides: Side[] = [];
  readonly #ends: (() => void)[] = [];
  /** The change that runs beside, and the bytes that changes gave back, by run and change. */
  #change: Change | null = null;
  /** The recording that was beside when the change began. */
  #beside: Shown['recording'] | null = null;
  readonly #given = new Map<string, number>();
  #fit: CommonFit | null = null;
  #fitted = '';
  #scenes: readonly Scene[] = [];
  #timed: readonly (readonly Frame[] | null)[] = [null, null];

  constructor(
    container: HTMLElement,
    { view, recordings, runBeside, close, running, changeRun, singlePage }: ExplorerParts,
  ) {
    this.#view = view;
    this.#close = close;
    this.#running = running;
    this.#recordings = recordings;
    const barRoot = element('div', { class: 'bar-root' });
    const detailRoot = element('section', { class: 'detail', 'aria-label': 'Chosen slab', hidden: true });
    const ownersRoot = element('section', { class: 'owners', id: 'owners', 'aria-label': 'What pins it' });
    const remediesRoot = element('section', {
      class: 'free-it',
      id: 'remedies',
      'aria-label': 'What would free it',
    });
    this.#pair = pairView(this.#camera, () => this.#rested());
    const tableRoot = element('section', { class: 'table', 'aria-label': 'Size classes' });
    const chartsRoot = element('section', { class: 'charts', 'aria-label': 'Charts' });
    const timelineRoots = ['Time', 'Time of the second run'].map((name) =>
      element('section', { class: 'timeline', 'aria-label': name }),
    );
    this.#causes.append(ownersRoot, remediesRoot, this.#known);
    this.#root.append(
      element(
        'div',
        { class: 'first-screen' },
        this.#verdicts,
        element(
          'div',
          { class: 'work' },
          element(
            'div',
            { class: 'stage' },
            barRoot,
            this.#panes,
            this.#legend,
            element('div', { class: 'timelines' }, ...timelineRoots),
            this.#pair.chart,
          ),
          element(
            'aside',
            { class: 'aside', 'aria-label': 'Causes and remedies' },
            detailRoot,
            this.#pair.table,
            this.#causes,
          ),
        ),
      ),
      element(
        'details',
        { class: 'figures' },
        element('summary', {}, 'More figures'),
        this.#findings,
        tableRoot,
        chartsRoot,
      ),
    );
    const sheets = phoneSheets({ 'What pins it': ownersRoot, 'What frees it': remediesRoot }, changeRun);
    this.#root.append(sheets.bar);
    container.append(this.#root);
    this.#bar = bar(barRoot, view, {
      act: (action) => this.#sides[0]?.pane.act(action),
      exports: EXPORTS.filter((as) => as !== 'HTML' || singlePage !== null),
      save: (as) => this.#save(as, singlePage ?? (async () => null)),
      markdown: () =>
        markdownOf(this.#current().map((each) => ({ ...each, recording: each.shown.recording }))),
    });
    this.#owners = ownersList(ownersRoot, view);
    const run: RunBeside =
      runBeside === null
        ? null
        : (change) => {
            sheets.close();
            this.#change = change;
            this.#beside = recordings.get()[1]?.recording ?? null;
            runBeside(change);
          };
    this.#remedies = remediesList(remediesRoot, run);
    this.#table = classTable(tableRoot, (size) =>
      view.change({ classes: toggled(view.get().classes, size) }),
    );
    this.#charts = charts(chartsRoot, (frame) => this.#goTo(0, frame));
    this.#detail = detail(detailRoot, {
      unpin: () => {
        view.change({ selected: null });
        this.#sides[0]?.pane.focus();
      },
      chooseOwner: (name) => view.change({ owners: toggled(view.get().owners, name) }),
      step: (by) => this.#sides[0]?.pane.act({ kind: 'next', by }),
      run,
    });
    this.#timelines = timelineRoots.map(
      (root, side) => [root, timeline(root, (frame) => this.#goTo(side, frame), view)] as const,
    );
    this.#ends.push(
      recordings.subscribe(() => this.#update()),
      view.subscribe((now, before) => {
        this.#update();
        if (now.selected !== null && before.selected === null) {
          sheets.close();
          this.#bringMapAboveSheet();
        }
        if (now.zoom !== before.zoom) this.#placeCamera();
      }),
      onGroundChange(() => this.#update()),
      ...(running === null ? [] : [running.subscribe(() => this.#updateRunning())]),
    );
    this.#update();
    this.#placeCamera();
  }

  remove(): void {
    for (const end of this.#ends) end();
    for (const { pane } of this.#sides) pane.remove();
    this.#pair.difference.remove();
    this.#root.remove();
  }

  #current(): Current[] {
    const [first, second] = this.#recordings.get();
    if (first === undefined || first.recording.frames.length === 0) return [];
    const { frames } = first.recording;
    const index = Math.min(this.#view.get().frame ?? frames.length - 1, frames.length - 1);
    if (second === undefined || second.recording.frames.length === 0) {
      return [currentOf(first, first.title, index)];
    }
    const [title, otherTitle] = titlesOf([first, second]) as [string, string];
    const other = counterpart(frames, index, second.recording.frames);
    return [currentOf(first, title, index), currentOf(second, otherTitle, other)];
  }

  #update(): void {
    const current = this.#current();
    this.#root.hidden = current.length === 0;
    this.#setSides(current.length);
    if (current.length === 0) return;
    this.#updateVerdicts(current);
    this.#updateTime(current);
    this.#updateMaps(current);
    this.#updateBeside(current);
    this.#updatePair(current);
    this.#updateRunning();
  }

  /** Says of each side how far its run is. A side that still shows the run before says that it is old. */
  #updateRunning(): void {
    const running = this.#running?.get() ?? null;
    const shown = this.#recordings.get();
    // The new run has causes and remedies of its own.
    const isOtherRun = running?.side === 0 && shown[0]?.isGrowing === false;
    this.#causes.inert = isOtherRun;
    this.#causes.classList.toggle('is-old', isOtherRun);
    this.#sides.forEach(({ verdict }, side) => {
      const isMine = running !== null && running.side === side;
      const isOld = isMine && shown[side]?.isGrowing === false;
      for (const part of [this.#panes.children[side], verdict.root]) part?.classList.toggle('is-old', isOld);
      for (const part of verdict.filters) part.inert = isOld;
      if (!isMine) {
        verdict.running(null);
        return;
      }
      const name = isOld ? ` ${running.experiment.subject.name}` : '';
      verdict.running({
        text: `Running${name}: ${progressText(running)}`,
        lead: isOld ? 'Until it has something to show, this is the run before.' : 'So far:',
      });
    });
  }

  #setSides(count: number): void {
    while (this.#sides.length > count) {
      const side = this.#sides.pop()!;
      side.pane.remove();
      side.root.remove();
      side.title.remove();
      side.verdict.root.remove();
    }
    while (this.#sides.length < count) this.#sides.push(this.#makeSide(this.#sides.length));
    this.#root.classList.toggle('is-pair', count === 2);
    const [first] = this.#sides;
    // The name of a single run stands in the bar, which saves a line.
    if (first !== undefined) (count === 1 ? this.#bar.titleSlot : first.header).prepend(first.title);
  }

  #makeSide(index: number): Side {
    const title = element('h2', { class: 'run-title' });
    const header = element('header', {}, title, ...this.#closeButton(index as 0 | 1));
    const stage = element('div', { class: 'pane-frame' });
    const root = element('section', { class: 'side' }, header, stage);
    const answer = verdict(this.#view, index === 0 ? 'Answer' : 'Answer for the second run');
    this.#verdicts.append(answer.root);
    this.#panes.insertBefore(
      root,
      this.#pair.difference.root.isConnected ? this.#pair.difference.root : null,
    );
    const made = pane(stage, this.#camera, {
      pinned: (item) => {
        const scene = this.#scenes[index];
        if (scene === undefined) return;
        this.#view.change({ selected: item === null ? null : pageOfItem(scene.frame, item) });
      },
      rested: () => this.#rested(),
      resized: () => {
        this.#update();
        this.#placeCamera();
      },
    });
    return { root, header, pane: made, scenes: new Scenes(), title, verdict: answer };
  }

  #closeButton(side: 0 | 1): HTMLElement[] {
    const close = this.#close;
    if (close === null) return [];
    const name = `Close the ${side === 0 ? 'first' : 'second'} run`;
    return [button('✕', () => close(side), { class: 'quiet', 'aria-label': name })];
  }

  #updateTime(current: readonly Current[]): void {
    const timed = [0, 1].map((side) => current[side]?.shown.recording.frames ?? null);
    const isOther = timed.some((each, i) => each !== this.#timed[i]);
    const moments = isOther ? current.map(({ shown }) => partsOverTime(shown)) : [];
    const highest = Math.max(...moments.map(highestOf));
    this.#timelines.forEach(([root, handle], side) => {
      const frames = timed[side] ?? null;
      root.hidden = frames === null;
      if (frames === null) return;
      if (isOther) handle.show(frames, moments[side]!, highest);
      handle.moment(current[side]!.index);
    });
    const [first] = current as [Current];
    if (isOther) {
      const { frames } = first.shown.recording;
      this.#charts.show(frames, timeAxis(frames), timed[1] ?? []);
    }
    this.#charts.moment(first.index);
    this.#timed = timed;
  }

  /** Shows what differs between two runs. Their difference is a map if all bands and pages are alike. */
  #updatePair(current: readonly Current[]): void {
    const [a, b] = current;
    const isPair = a !== undefined && b !== undefined;
    const [sceneA, sceneB] = this.#scenes;
    const isAlike =
      isPair &&
      sceneA !== undefined &&
      sceneB !== undefined &&
      this.#view.get().order === 'class' &&
      sceneA.info.pageSize === sceneB.info.pageSize &&
      `${sceneA.info.sizeClasses}` === `${sceneB.info.sizeClasses}`;
    this.#root.classList.toggle('has-difference', isAlike);
    const { difference } = this.#pair;
    if (!isAlike) difference.root.remove();
    else if (!difference.root.isConnected) this.#panes.append(difference.root);
    if (!isPair) this.#pair.answer.remove();
    else if (!this.#pair.answer.isConnected) this.#verdicts.before(this.#pair.answer);
    this.#pair.show(isPair ? [a, b].map(pairSideOf) : null);
    if (isAlike) difference.show(sceneA, sceneB, groundOf(this.#root));
  }

  #updateVerdicts(current: readonly Current[]): void {
    // A bar is as long as the largest resident set of any moment, so that it does not change its scale with time.
    const whole = Math.max(...current.map(({ shown }) => wholeOf(shown)));
    const moments = current.map(({ moment }) => moment);
    moments.forEach((moment, side) => {
      this.#sides[side]!.verdict.show(moment, whole, moments);
    });
  }

  #updateMaps(current: readonly Current[]): void {
    const view = this.#view.get();
    const size = this.#sides[0]?.pane.size ?? [0, 0];
    if (size[0] === 0 || size[1] === 0) return;
    const pixelRatio = window.devicePixelRatio || 1;
    const fitFor = JSON.stringify([
      current.map(({ shown }) => [shown.title, shown.recording.frames.length]),
      size,
      pixelRatio,
      view.order,
      view.showsRetained,
    ]);
    const isOther = fitFor !== this.#fitted;
    if (isOther || this.#fit === null) {
      this.#fitted = fitFor;
      this.#fit = fitBoth(
        current.map(({ shown }) => shown.recording),
        { order: view.order, retained: view.showsRetained },
        { width: size[0] * pixelRatio, height: size[1] * pixelRatio },
      );
    }
    const fit = this.#fit;
    const ground = groundOf(this.#root);
    const scenes = this.#sides.map(({ scenes }, side) => {
      const { shown, title, frame, index, moment } = current[side]!;
      return scenes.make({ ...shown, title }, frame, before(shown, view.before, index), {
        view,
        ground,
        fit,
        side,
        index,
        answer: moment.answer,
        pixelRatio,
      });
    });
    // A map of differences includes slabs drained since, so it can be larger than the map of any frame.
    const rows = Math.max(...scenes.map(({ picture }) => picture.layout.rows));
    const cell = Math.min(fit.cell / pixelRatio, size[1] / rows);
    this.#scenes = scenes.map((scene) => ({ ...scene, cell }));
    this.#sides.forEach((side, i) => {
      const scene = this.#scenes[i]!;
      const { title, frame } = current[i]!;
      side.title.replaceChildren(
        ...(current.length === 2 ? [letter(i as 0 | 1), ' '] : []),
        element('b', {}, ownPart(title, current)),
        element('span', { class: 'run-moment' }, ` at ${frame.phase}`),
      );
      side.pane.show(scene);
    });
    const isOccupancy = view.colour === 'occupancy';
    this.#legend.hidden = isOccupancy;
    this.#bar.hint(isOccupancy ? 'orange is pinned, grey in use' : '');
    if (!isOccupancy) showLegend(this.#legend, this.#scenes[0]!.legend);
    // A growing run gets a new fit, and the visible part stays the one that the link or the reader chose.
    if (isOther) this.#placeCamera();
  }

  #updateBeside(current: readonly Current[]): void {
    const view = this.#view.get();
    const [{ shown, frame: first, moment }] = current as [Current];
    const { result, about } = shown.recording;
    this.#table.show(
      current.map(({ frame, shown: { recording } }) => ({ snapshot: frame.snapshot, info: recording.info })),
      view.classes,
    );
    const report = moment.owners?.phase === first.phase ? moment.owners.report : null;
    const measured = this.#measured(shown.title);
    const known = { report, server: about.server, measured };
    this.#detail.show(
      view.selected,
      this.#scenes.map((scene, side) => ({
        frame: scene.frame,
        info: scene.info,
        layout: scene.picture.layout,
        title: scene.title,
        frames: current[side]!.shown.recording.frames,
        at: current[side]!.index,
        // A change runs beside the first run.
        remedyOf: (owner) => (side > 0 || shown.isGrowing ? null : remedyOfOwner(owner, known)),
      })),
    );
    this.#owners.show(moment.owners, first.phase, view.owners, shown.isGrowing);
    const order = about.parameters.order;
    const remedies = () =>
      remediesOf({
        ...known,
        parts: moment.parts,
        snapshot: first.snapshot,
        order: order === undefined ? undefined : `${order}`,
      });
    this.#remedies.show(shown.isGrowing ? null : remedies());
    showKnown(this.#known, result?.known);
    showFindings(this.#findings, result?.findings);
    this.#bar.show(view, { frames: shown.recording.frames.map(({ phase }) => phase) });
  }

  /** Notes what a change that has run beside gave back, and returns all that is known of a run. */
  #measured(title: string): ReadonlyMap<string, number> {
    const [first, second] = this.#recordings.get();
    const change = this.#change;
    if (
      change !== null &&
      first !== undefined &&
      second !== undefined &&
      !second.isGrowing &&
      second.recording !== this.#beside
    ) {
      const [before, after] = [first, second].map(
        ({ recording }) => recording.frames.at(-1)?.snapshot.memory.resident,
      );
      if (before !== undefined && after !== undefined && second.recording.result !== null) {
        this.#given.set(`${title} ${changeKey(change)}`, before - after);
        this.#change = null;
      }
    }
    const own = [...this.#given].filter(([key]) => key.startsWith(`${title} `));
    return new Map(own.map(([key, bytes]) => [key.slice(title.length + 1), bytes]));
  }

  /** Selects a frame; a frame of the second run selects its counterpart in the first. */
  #goTo(side: number, frame: number): void {
    const [first, second] = this.#recordings.get();
    if (first === undefined) return;
    const target =
      side === 1 && second !== undefined
        ? counterpart(second.recording.frames, frame, first.recording.frames)
        : frame;
    const { length } = first.recording.frames;
    // Null follows a growing run as long as its newest frame is the shown one.
    this.#view.change({ frame: target >= length - 1 ? null : target });
  }

  /** Scrolls the map above the sheet of the chosen slab, if there is one. */
  #bringMapAboveSheet(): void {
    if (matchMedia(WITH_SHEET).matches) this.#sides[0]?.root.scrollIntoView({ block: 'start' });
  }

  #rested(): void {
    const scene = this.#scenes[0];
    const size = this.#sides[0]?.pane.size;
    if (scene === undefined || size === undefined) return;
    const zoom = zoomOf(this.#camera.get(), scene.cell, size);
    if (JSON.stringify(zoom) !== JSON.stringify(this.#view.get().zoom)) this.#view.change({ zoom });
  }

  #placeCamera(): void {
    const scene = this.#scenes[0];
    const size = this.#sides[0]?.pane.size;
    if (scene === undefined || size === undefined) return;
    const { zoom } = this.#view.get();
    const isThere = JSON.stringify(zoomOf(this.#camera.get(), scene.cell, size)) === JSON.stringify(zoom);
    if (!isThere) this.#camera.set(transformOf(zoom, scene.cell, size));
  }

  #save(as: Export, singlePage: () => Promise<string | null>): void {
    const [scenes, shown, view] = [this.#scenes, this.#recordings.get(), this.#view.get()];
    void save(as, { scenes, shown, view, singlePage });
  }
}

/** Returns the frame that a difference compares with: the chosen one, else the last phase before, else the sweep. */
function before({ recording: { frames } }: Shown, chosen: number | null, index: number): Frame {
  if (chosen !== null) return (frames[chosen] ?? frames[index])!;
  const ended = frames
    .slice(0, index)
    .filter(({ phase }) => !/^(sweep|sample)-\d+$/.test(phase))
    .at(-1);
  return (ended ?? frames[index - 1] ?? frames[index])!;
}

function currentOf(shown: Shown, title: string, index: number): Current {
  const frame = shown.recording.frames[index]!;
  return { shown, title, frame, index, moment: momentOf(shown.recording, frame) };
}

/** Returns the conditions that a run has for itself, since the head of the page names both. */
function ownPart(title: string, [first, second]: readonly Current[]): string {
  const name = first?.shown.title;
  if (name === undefined || second?.shown.title !== name || !title.startsWith(`${name}, `)) return title;
  return title.slice(name.length + 2);
}

function pairSideOf({ shown, title, moment }: Current): ShownSide {
  const { frames } = shown.recording;
  return { title, moment, moments: partsOverTime(shown), axis: timeAxis(frames) };
}

/** Returns the parts of all frames, and the peak until each. */
function partsOverTime({ recording }: Shown): PartsThen[] {
  return recording.frames.map((frame) => {
    const parts = partsOf(frame, recording);
    return { parts, peak: Math.max(parts.resident, frame.snapshot.memory.peakResident) };
  });
}

function wholeOf({ recording: { frames } }: Shown): number {
  const { memory } = frames.at(-1)!.snapshot;
  return Math.max(memory.peakResident, memory.resident);
}
