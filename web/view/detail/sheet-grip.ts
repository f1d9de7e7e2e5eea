import { element } from '../dom/element.js';

/** The smallest height of a sheet in CSS pixels, and the share of the window that it has at most. */
const LOWEST_PX = 120;
const HIGHEST = 0.92;

/** Returns the grip by which a sheet is made higher or lower. Its height holds until the page is closed. */
export function sheetGrip(sheet: HTMLElement): HTMLElement {
  const grip = element('div', { class: 'grip', 'aria-hidden': true });
  let from: { readonly y: number; readonly height: number } | null = null;
  grip.addEventListener('pointerdown', (event) => {
    from = { y: event.clientY, height: sheet.getBoundingClientRect().height };
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener('pointermove', (event) => {
    if (from === null) return;
    const wanted = from.height + from.y - event.clientY;
    const height = Math.max(LOWEST_PX, Math.min(HIGHEST * innerHeight, wanted));
    sheet.style.setProperty('--sheet', `${Math.round(height)}px`);
  });
  const end = () => {
    from = null;
  };
  grip.addEventListener('pointerup', end);
  grip.addEventListener('pointercancel', end);
  return grip;
}
