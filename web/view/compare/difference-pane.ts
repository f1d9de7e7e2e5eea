/** The map of A minus B, which has one camera with the two maps. */

import { formatShare } from '../../../src/base/index.js';
import type { Ground } from '../../../src/map/index.js';
import { liveShares, paintPair, pairScale } from '../../../src/map/index.js';
import { element } from '../dom/element.js';
import type { Camera } from '../map/camera.js';
import { hands, takeOver } from '../map/hands.js';
import { contextOf } from '../map/levels.js';
import { placingOf } from '../map/painter.js';
import type { Scene } from '../map/scene.js';

export interface DifferencePane {
  readonly root: HTMLElement;
  show(a: Scene, b: Scene, ground: Ground): void;
  remove(): void;
}

export function differencePane(camera: Camera, rested: () => void): DifferencePane {
  const canvas = element('canvas', { class: 'cells' });
  const tip = element('p', { class: 'tip', hidden: true, 'aria-hidden': true });
  const stack = element('div', { class: 'stack' }, canvas);
  const scale = element('span', { class: 'ramp-steps', 'aria-hidden': true });
  const root = element(
    'section',
    { class: 'difference', 'aria-label': 'A minus B' },
    element(
      'header',
      {},
      element('h2', { class: 'pair-title', title: 'live share of each page' }, element('b', {}, 'A − B')),
      element('span', { class: 'ramp' }, 'B more', scale, 'A more'),
    ),
    element(
      'div',
      { class: 'pane-frame' },
      element(
        'div',
        { class: 'pane' },
        element('canvas', { class: 'gutter', 'aria-hidden': true }),
        stack,
        tip,
      ),
    ),
  );
  let shown: { readonly scene: Scene; readonly a: Float32Array; readonly b: Float32Array } | null = null;
  let picture: HTMLCanvasElement | null = null;
  let isScheduled = false;

  function invalidate(): void {
    if (isScheduled) return;
    isScheduled = true;
    requestAnimationFrame(draw);
  }
  function hideTip(): void {
    tip.hidden = true;
  }
  function draw(): void {
    isScheduled = false;
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = stack.getBoundingClientRect();
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    hand.room([width, height]);
    if (shown === null || picture === null || canvas.width === 0 || canvas.height === 0) return;
    const { left, top, cell } = placingOf(shown.scene, camera.get(), ratio, canvas);
    const context = contextOf(canvas);
    context.imageSmoothingEnabled = cell < 1;
    context.drawImage(picture, left, top, picture.width * cell, picture.height * cell);
  }
  const hand = hands(canvas, camera, { moved: hideTip, rested });
  const linked = camera.subscribe((transform) => {
    takeOver(hand, transform);
    invalidate();
  });
  const observer = new ResizeObserver(invalidate);
  observer.observe(stack);
  canvas.addEventListener('pointermove', (event) => {
    if (shown === null) return;
    const [x, y] = camera.get().invert([event.offsetX, event.offsetY]);
    const { columns } = shown.scene.picture.layout;
    const at = Math.floor(y / shown.scene.cell) * columns + Math.floor(x / shown.scene.cell);
    const texts = [shown.a, shown.b].map((shares, side) => {
      const share = shares[at] ?? Number.NaN;
      return `${side === 0 ? 'A' : 'B'}: ${Number.isNaN(share) ? 'nothing' : `${formatShare(share)} live`}`;
    });
    tip.textContent = texts.join(', ');
    tip.hidden = false;
    tip.style.transform = `translate(${event.offsetX + 14}px, ${event.offsetY + 14}px)`;
  });
  canvas.addEventListener('pointerleave', hideTip);

  return {
    root,
    show(a, b, ground) {
      const layout = a.picture.layout;
      hand.pages(a.cell);
      shown = { scene: a, a: liveShares(layout), b: liveShares(b.picture.layout) };
      picture = document.createElement('canvas');
      picture.width = layout.columns;
      picture.height = Math.max(1, layout.rows);
      const context = contextOf(picture);
      const image = context.createImageData(picture.width, picture.height);
      paintPair(shown.a, shown.b, ground, new Uint32Array(image.data.buffer));
      context.putImageData(image, 0, 0);
      scale.replaceChildren(
        ...pairScale(ground)
          .filter((_, step) => step % 5 === 0)
          .map((colour) => element('i', { style: `background:${colour}` })),
      );
      invalidate();
    },
    remove() {
      linked();
      observer.disconnect();
      root.remove();
    },
  };
}
