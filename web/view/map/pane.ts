/** Shows one map on the page: canvases over one another, and the effects of pointer, wheel and keys. */
import { type ZoomTransform, zoomIdentity } from 'd3';
import { type Hit, hitTest, type MapLayout } from '../../../src/map/index.js';
import { element } from '../dom/element.js';
import { type Camera, within } from './camera.js';
import { spoken } from './describe.js';
import { drawGutter } from './gutter.js';
import { hands, largestScale, takeOver } from './hands.js';
import { KEYS_HELP, type KeyAction, keyAction } from './keys.js';
import { contextOf } from './levels.js';
import { drawOutline } from './outline.js';
import { Painter } from './painter.js';
import { showPlates } from './plates.js';
import type { Scene } from './scene.js';
import { stepFrom } from './step.js';
import { tooltip } from './tooltip.js';

export interface PaneEvents {
  /** Called with the item for the detail panel; null closes it. */
  readonly pinned: (item: number | null) => void;
  /** Called after the camera has come to rest. */
  readonly rested: () => void;
  readonly resized: () => void;
}

export interface Pane {
  /** Sets the scene to draw; null draws nothing. */
  show(scene: Scene | null): void;
  readonly size: readonly [width: number, height: number];
  /** Performs an action, for the buttons beside the map. */
  act(action: KeyAction): void;
  /** Gives the map the focus of the keyboard. */
  focus(): void;
  remove(): void;
}

export function pane(container: HTMLElement, camera: Camera, events: PaneEvents): Pane {
  const gutter = element('canvas', { class: 'gutter', 'aria-hidden': true });
  const canvas = element('canvas', { class: 'cells' });
  const over = element('canvas', {
    class: 'over',
    tabindex: 0,
    role: 'application',
    'aria-roledescription': 'memory map',
  });
  const plates = element('div', { class: 'plates', 'aria-hidden': true });
  const heard = element('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  const frame = element(
    'div',
    { class: 'pane' },
    gutter,
    element('div', { class: 'stack' }, canvas, over, plates),
    heard,
  );
  container.append(frame);
  const tip = tooltip(frame);
  const painter = new Painter(canvas);
  const overContext = contextOf(over);

  let scene: Scene | null = null;
  let size: readonly [number, number] = [0, 0];
  let pixelRatio = 1;
  let hovered: Hit | null = null;
  /** Cell under the keys; null until a key is pressed. */
  let cursor: number | null = null;
  let scheduled = { all: false, over: false };
  /** The map that has plates now, and its width. */
  let plated: MapLayout | null = null;
  let platedWidth = 0;

  const hand = hands(over, camera, { moved: hideTip, rested: events.rested });
  const { surface, behaviour } = hand;
  const linked = camera.subscribe((transform) => {
    takeOver(hand, transform);
    invalidate();
  });

  function resize(): void {
    const box = over.getBoundingClientRect();
    pixelRatio = window.devicePixelRatio || 1;
    const wasSize = size;
    size = [Math.round(box.width), Math.round(box.height)];
    for (const each of [canvas, over, gutter]) {
      const width = Math.round((each === gutter ? gutter.clientWidth : size[0]) * pixelRatio);
      const height = Math.round(size[1] * pixelRatio);
      if (each.width !== width || each.height !== height) {
        each.width = width;
        each.height = height;
      }
    }
    hand.room(size);
    if (wasSize[0] !== size[0] || wasSize[1] !== size[1]) events.resized();
    invalidate();
  }
  const observer = new ResizeObserver(resize);
  observer.observe(over);

  function invalidate(): void {
    if (!scheduled.all && !scheduled.over) requestAnimationFrame(draw);
    scheduled.all = true;
  }
  function invalidateOver(): void {
    if (!scheduled.all && !scheduled.over) requestAnimationFrame(draw);
    scheduled.over = true;
  }

  function draw(): void {
    const { all } = scheduled;
    scheduled = { all: false, over: false };
    if (all) {
      if (scene === null) painter.clear();
      else {
        painter.draw(scene, camera.get(), pixelRatio);
        drawGutter(gutter, scene, camera.get(), pixelRatio);
      }
    }
    overContext.clearRect(0, 0, over.width, over.height);
    if (scene === null) return;
    // They would cover what is looked at closely.
    plates.hidden = camera.get().k !== 1 || scene.selected !== null || cursorItem() !== null;
    if (plated !== scene.picture.layout || platedWidth !== size[0]) {
      plated = scene.picture.layout;
      platedWidth = size[0];
      showPlates(plates, scene, size[0]);
    }
    const style = getComputedStyle(frame);
    const outline = (item: number | null, colour: string, width: number) => {
      if (scene === null || item === null) return;
      drawOutline(overContext, scene, camera.get(), pixelRatio, { item, colour, width });
    };
    outline(hovered?.item ?? null, style.getPropertyValue('--hovered'), 1);
    outline(cursorItem(), style.getPropertyValue('--focus'), 2);
    outline(scene.selected, style.getPropertyValue('--selected'), 2);
  }

  function hitAt(x: number, y: number): Hit | null {
    if (scene === null) return null;
    const [mapX, mapY] = camera.get().invert([x, y]);
    return hitTest(scene.picture.layout, mapX / scene.cell, mapY / scene.cell);
  }
  function cursorItem(): number | null {
    if (scene === null || cursor === null || document.activeElement !== over) return null;
    const { columns } = scene.picture.layout;
    return hitTest(scene.picture.layout, cursor % columns, Math.floor(cursor / columns))?.item ?? null;
  }
  function looked(of: Scene) {
    return { frame: of.frame, info: of.info, layout: of.picture.layout };
  }
  function hideTip(): void {
    hovered = null;
    tip.hide();
    invalidateOver();
  }

  over.addEventListener('pointermove', (event) => {
    if (event.buttons !== 0 || scene === null) return;
    const hit = hitAt(event.offsetX, event.offsetY);
    if (hit === null) return hideTip();
    hovered = hit;
    tip.show(looked(scene), hit, scene.meaningOf(hit.item), [
      event.offsetX + gutter.clientWidth,
      event.offsetY,
    ]);
    invalidateOver();
  });
  over.addEventListener('pointerleave', hideTip);
  over.addEventListener('click', (event) => events.pinned(hitAt(event.offsetX, event.offsetY)?.item ?? null));
  over.addEventListener('keydown', (event) => {
    const action = event.metaKey || event.ctrlKey || event.altKey ? null : keyAction(event);
    if (action === null) return;
    event.preventDefault();
    act(action);
  });
  over.addEventListener('focus', invalidateOver);
  over.addEventListener('blur', invalidateOver);

  function moveTo(transform: ZoomTransform): void {
    const target = within(transform, size[0], size[1]);
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (isCalm) surface.call(behaviour.transform, target);
    else surface.transition().duration(180).call(behaviour.transform, target);
  }
  /** Returns the middle of the view, or the position of the keys. */
  function focusPoint(): readonly [number, number] {
    if (scene === null || cursor === null) return [size[0] / 2, size[1] / 2];
    const { columns } = scene.picture.layout;
    return camera
      .get()
      .apply([((cursor % columns) + 0.5) * scene.cell, (Math.floor(cursor / columns) + 0.5) * scene.cell]);
  }

  function act(action: KeyAction): void {
    if (scene === null) return;
    const { k, x, y } = camera.get();
    switch (action.kind) {
      case 'zoom':
        zoomBy(action.factor, scene);
        break;
      case 'whole':
        moveTo(zoomIdentity);
        break;
      case 'pan':
        moveTo(zoomIdentity.translate(x - action.x * size[0], y - action.y * size[1]).scale(k));
        break;
      case 'step':
        step(scene, action.x, action.y);
        break;
      case 'next':
        chooseNext(scene, action.by);
        break;
      case 'end': {
        const { placed, starts } = scene.picture.layout;
        const item = placed[action.isLast ? placed.length - 1 : 0];
        if (item !== undefined) moveCursor(scene, starts[item]!);
        break;
      }
      case 'pin':
        events.pinned(cursorItem());
        break;
      case 'unpin':
        events.pinned(null);
        break;
    }
  }

  function zoomBy(factor: number, { cell }: Scene): void {
    const scale = Math.max(1, Math.min(largestScale(cell), camera.get().k * factor));
    const [px, py] = focusPoint();
    const [mapX, mapY] = camera.get().invert([px, py]);
    moveTo(zoomIdentity.translate(px - mapX * scale, py - mapY * scale).scale(scale));
  }

  function chooseNext({ picture: { layout }, selected }: Scene, by: 1 | -1): void {
    const at = selected === null ? -1 : layout.placed.indexOf(selected);
    const item = layout.placed[at + by];
    if (at >= 0 && item !== undefined) events.pinned(item);
  }

  function step(of: Scene, x: number, y: number): void {
    const { layout } = of.picture;
    if (cursor === null) {
      const hit = hitAt(size[0] / 2, size[1] / 2);
      const item = hit?.item ?? layout.placed[0];
      if (item !== undefined) moveCursor(of, layout.starts[item]!);
    } else moveCursor(of, stepFrom(layout, cursor, x, y));
  }

  /** Moves the cursor of the keys to a cell, says what is there, and brings it into view. */
  function moveCursor({ cell }: Scene, to: number): void {
    cursor = to;
    const item = cursorItem();
    if (scene !== null && item !== null) heard.textContent = spoken(looked(scene), item);
    const [px, py] = focusPoint();
    const { k, x: left, y: top } = camera.get();
    const margin = Math.min(size[0], size[1], cell * k) / 2;
    const isSeen = px >= margin && py >= margin && px <= size[0] - margin && py <= size[1] - margin;
    if (!isSeen) moveTo(zoomIdentity.translate(left + size[0] / 2 - px, top + size[1] / 2 - py).scale(k));
    invalidateOver();
  }

  return {
    show(next) {
      const isOther = next?.picture.layout !== scene?.picture.layout;
      scene = next;
      if (isOther) {
        hovered = null;
        tip.hide();
        if (cursor !== null && next !== null && cursor >= next.picture.cells.length) cursor = null;
      }
      if (next !== null) {
        hand.pages(next.cell);
        over.setAttribute('aria-label', `${next.title}. ${KEYS_HELP}`);
      }
      invalidate();
    },
    get size() {
      return size;
    },
    act,
    focus: () => over.focus({ preventScroll: true }),
    remove() {
      linked();
      observer.disconnect();
      frame.remove();
    },
  };
}
