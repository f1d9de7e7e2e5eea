import type { Legend, Swatch } from '../../src/map/index.js';
import { element } from './dom/element.js';

/** Shows the meaning of the colours: an ordered scale as one ramp, the others one by one. */
export function showLegend(container: HTMLElement, { title, swatches }: Legend): void {
  const scale = swatches.filter(({ value }) => value !== undefined);
  const others = swatches.filter(({ value }) => value === undefined);
  container.replaceChildren(
    element('span', { class: 'legend-title' }, title),
    ...(scale.length === 0 ? [] : [ramp(scale)]),
    ...others.map(({ label, colour }) => {
      const [name, meaning] = label.split(': ');
      return element(
        'span',
        { class: 'swatch', title: meaning ?? label },
        element('i', { class: 'key', style: `background:${colour}` }),
        name!,
      );
    }),
  );
}

function ramp(scale: readonly Swatch[]): HTMLElement {
  const [first, last] = [scale[0]!, scale.at(-1)!];
  return element(
    'span',
    { class: 'ramp' },
    first.label,
    element(
      'span',
      { class: 'ramp-steps', 'aria-hidden': true },
      ...scale.map(({ colour, label }) => element('i', { style: `background:${colour}`, title: label })),
    ),
    last.label,
  );
}
