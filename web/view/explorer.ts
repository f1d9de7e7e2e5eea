/** Connects the parts of the view with the two stores. */
import type { Frame, Recordings, Shown } from '../recordings.js';
import type { View } from '../state.js';
import { type BarHandle, bar, type Export, toggled } from './bar/bar.js';
import { type ClassTableHandle, classTable } from './classes/class-table.js';
import { type DetailHandle, detail } from './detail/detail.js';
import { element } from './dom/element.js';
import { type CommonFit, fitBoth } from './fit-both.js';
import { groundOf, onGroundChange } from './ground.js';
import { headline } from './headline.js';
import { showLegend } from './legend.js';
import { createCamera, transformOf, zoomOf } from './map/camera.js';
import { type Pane, pane } from './map/pane.js';
import type { Scene } from './map/scene.js';
import { residentSum } from './resident-sum.js';
import { save } from './save/save.js';
import { pageOfItem, Scenes } from './scenes.js';
import { counterpart } from './timeline/axis.js';
import { type TimelineHandle, timeline } from './timeline/timeline.js';
import { titlesOf } from './titles.js';
import './style/view.css';

interface Side {
  readonly root: HTMLElement;
  readonly pane: Pane;
  readonly scenes: Scenes;
  readonly title: HTMLElement;
  readonly claim: HTMLElement;
  readonly sum: HTMLElement;
}

/** The recording and the frame that one side shows now. */
interface Current {
  readonly shown: Shown;
  readonly title: string;
  readonly frame: Frame;
  readonly index: number;
}

export class Explorer {
  readonly #view: View;
  readonly #recordings: Recordings;
  readonly #camera = createCamera();
  readonly #root = element('div', { class: 'explorer', hidden: true });
  readonly #panes = element('div', { class: 'panes' });
  readonly #legend = element('div', { class: 'legend' });
  readonly #bar: BarHandle;
  readonly #table: ClassTableHandle;
  readonly #detail: DetailHandle;
  readonly #timelines: readonly (readonly [HTMLElement, TimelineHandle])[];
  readonly #sides: Side[] = [];
  readonly #ends: (() => void)[] = [];
  #fit: CommonFit | null = null;
  #fitted = '';
  #scenes: readonly Scene[] = [];
  #timed: readonly (readonly Frame[] | null)[] = [null, null];

  constructor(
    container: HTMLElement,
    { view, recordings }: { readonly view: View; readonly recordings: Recordings },
  ) {
    this.#view = view;
    this.#recordings = recordings;
    const barRoot = element('div', { class: 'bar-root' });
    const detailRoot = element('section', { class: 'detail', 'aria-label': 'Chosen slab', hidden: true });
    const tableRoot = element('section', { class: 'table', 'aria-label': 'Size classes' });
    const timelineRoots = ['Time', 'Time of the second run'].map((name) =>
      element('section', { class: 'timeline', 'aria-label': name }),
    );
    this.#root.append(
      barRoot,
      element('div', { class: 'stage' }, this.#panes, this.#legend),
      element('div', { class: 'beside' }, detailRoot, tableRoot),
      element('div', { class: 'timelines' }, ...timelineRoots),
    );
    container.append(this.#root);
    this.#bar = bar(barRoot, view, {
      act: (action) => this.#sides[0]?.pane.act(action),
      save: (as) => this.#save(as),
    });
    this.#table = classTable(tableRoot, (size) =>
      view.change({ classes: toggled(view.get().classes, size) }),
    );
    this.#detail = detail(detailRoot, {
      unpin: () => view.change({ selected: null }),
      chooseOwner: (name) => view.change({ owners: toggled(view.get().owners, name), colour: 'owner' }),
    });
    this.#timelines = timelineRoots.map(
      (root, side) => [root, timeline(root, (frame) => this.#goTo(side, frame), view)] as const,
    );
    this.#ends.push(
      recordings.subscribe(() => this.#update()),
      view.subscribe((now, before) => {
        this.#update();
        if (now.zoom !== before.zoom) this.#placeCamera();
      }),
      onGroundChange(() => this.#update()),
    );
    this.#update();
    this.#placeCamera();
  }

  remove(): void {
    for (const end of this.#ends) end();
    for (const { pane } of this.#sides) pane.remove();
    this.#root.remove();
  }

  #current(): Current[] {
    const [first, second] = this.#recordings.get();
    if (first === undefined || first.recording.frames.length === 0) return [];
    const { frames } = first.recording;
    const index = Math.min(this.#view.get().frame ?? frames.length - 1, frames.length - 1);
    const frame = frames[index]!;
    if (second === undefined || second.recording.frames.length === 0) {
      return [{ shown: first, title: first.title, frame, index }];
    }
    const [title, otherTitle] = titlesOf([first, second]) as [string, string];
    const other = counterpart(frames, index, second.recording.frames);
    const otherFrame = second.recording.frames[other]!;
    return [
      { shown: first, title, frame, index },
      { shown: second, title: otherTitle, frame: otherFrame, index: other },
    ];
  }

  #update(): void {
    const current = this.#current();
    this.#root.hidden = current.length === 0;
    this.#setSides(current.length);
    if (current.length === 0) return;
    this.#updateTime(current);
    this.#updateMaps(current);
    this.#updateBeside(current);
  }

  #setSides(count: number): void {
    while (this.#sides.length > count) {
      const side = this.#sides.pop()!;
      side.pane.remove();
      side.root.remove();
    }
    while (this.#sides.length < count) this.#sides.push(this.#makeSide(this.#sides.length));
    this.#root.classList.toggle('is-pair', count === 2);
  }

  #makeSide(index: number): Side {
    const title = element('h2');
    const claim = element('p', { class: 'claim' });
    const sum = element('p', { class: 'resident-sum' });
    const stage = element('div', { class: 'pane-frame' });
    const root = element('section', { class: 'side' }, element('header', {}, title, claim), stage, sum);
    this.#panes.append(root);
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
    return { root, pane: made, scenes: new Scenes(), title, claim, sum };
  }

  #updateTime(current: readonly Current[]): void {
    const timed = [0, 1].map((side) => current[side]?.shown.recording.frames ?? null);
    this.#timelines.forEach(([root, handle], side) => {
      const frames = timed[side] ?? null;
      root.hidden = frames === null;
      if (frames === null) return;
      const isOther = timed.some((each, i) => each !== this.#timed[i]);
      if (isOther) handle.show(frames, timed[1 - side] ?? []);
      handle.moment(current[side]!.index);
    });
    this.#timed = timed;
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
      const { shown, title, frame, index } = current[side]!;
      const bandRows = fit.bandRows[side];
      return scenes.make({ ...shown, title }, frame, before(shown, view.before, index), {
        view,
        ground,
        fit,
        bandRows,
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
      const { claim, reason } = headline(frame.snapshot);
      side.title.replaceChildren(element('b', {}, title), ` at ${frame.phase}`);
      side.claim.replaceChildren(element('strong', {}, claim), ` ${reason}`);
      residentSum(side.sum, scene);
      side.pane.show(scene);
    });
    showLegend(this.#legend, this.#scenes[0]!.legend);
    // A growing run gets a new fit, and the visible part stays the one that the link or the reader chose.
    if (isOther) this.#placeCamera();
  }

  #updateBeside(current: readonly Current[]): void {
    const view = this.#view.get();
    const [{ shown, index }] = current as [Current];
    this.#table.show(
      current.map(({ frame, shown: { recording } }) => ({ snapshot: frame.snapshot, info: recording.info })),
      view.classes,
    );
    this.#detail.show(
      view.selected,
      this.#scenes.map(({ frame, info, picture, title }) => ({ frame, info, layout: picture.layout, title })),
    );
    this.#bar.show(view, {
      owners: ownersOf(current),
      frames: shown.recording.frames.map(({ phase }) => phase),
      frame: index,
    });
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

  #save(as: Export): void {
    void save(as, this.#scenes, this.#recordings.get());
  }
}

/** Returns the frame that a difference compares with: the chosen one, else the one before. */
function before({ recording: { frames } }: Shown, chosen: number | null, index: number): Frame {
  return (frames[chosen ?? index - 1] ?? frames[index])!;
}

/** Returns the names of owners, most regions first. */
function ownersOf(current: readonly Current[]): string[] {
  const regions = new Map<string, number>();
  for (const { owners } of current.map(({ frame }) => frame)) {
    if (owners === null) continue;
    const counts = new Float64Array(owners.names.length);
    for (const [at, owner] of owners.owner.entries()) counts[owner]! += owners.regions[at]!;
    owners.names.forEach((name, owner) => {
      regions.set(name, (regions.get(name) ?? 0) + counts[owner]!);
    });
  }
  return [...regions].sort(([, a], [, b]) => b - a).map(([name]) => name);
}
