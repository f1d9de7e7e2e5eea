import type { Hit } from '../../../src/map/index.js';
import { element } from '../dom/element.js';
import { describe, describeRegion, type Looked } from './describe.js';

/**
 * Shows a tooltip beside the pointer, always within the pane. Readers who use the keys hear the description instead.
 */
export function tooltip(container: HTMLElement) {
  const box = element('div', { class: 'tip', hidden: true, 'aria-hidden': true });
  container.append(box);
  let shown: string | null = null;
  return {
    show(looked: Looked, hit: Hit, meaning: string, [x, y]: readonly [number, number]): void {
      const region = describeRegion(looked, hit);
      const { title, gist, facts } = describe(looked, hit.item);
      const address = facts.find(({ name }) => name === 'address')?.value ?? '';
      const text = `${title} ${gist} ${region} ${meaning} ${address}`;
      if (text !== shown) {
        shown = text;
        box.replaceChildren(
          element('b', {}, title),
          element('span', {}, gist),
          ...(region === null ? [] : [element('span', {}, region)]),
          ...(meaning === '' ? [] : [element('span', { class: 'meaning' }, meaning)]),
          element('code', {}, address),
        );
      }
      box.hidden = false;
      const left = x + 14 + box.offsetWidth > container.clientWidth ? x - box.offsetWidth - 10 : x + 14;
      const top = y + 14 + box.offsetHeight > container.clientHeight ? y - box.offsetHeight - 8 : y + 14;
      box.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
    },
    hide(): void {
      box.hidden = true;
    },
  };
}
