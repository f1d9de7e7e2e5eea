import { formatBytes } from '../../src/base/index.js';
import { amountsOn } from '../../src/map/index.js';
import { element } from './dom/element.js';
import type { Scene } from './map/scene.js';

/** Shows the resident set as a sum and a bar of its parts, and whether all of it is on the map. */
export function residentSum(container: HTMLElement, { frame, picture }: Scene): void {
  const { memory } = frame.snapshot;
  const metadata = memory.resident - memory.active - memory.dirty;
  const parts = [
    ['active', memory.active],
    ['dirty', memory.dirty],
    ['metadata', metadata],
  ] as const;
  const on = amountsOn(picture.layout);
  const isAll = on.slabs + on.large + on.dirty + on.metadata === memory.resident;
  container.replaceChildren(
    element(
      'span',
      { class: 'sum-bar', 'aria-hidden': true },
      ...parts.map(([name, bytes]) => element('i', { class: `sum-${name}`, style: `flex-grow:${bytes}` })),
    ),
    element(
      'span',
      {},
      ...parts.flatMap(([name, bytes], i) => [
        i === 0 ? '' : ' + ',
        element('i', { class: `key sum-${name}` }),
        `${name} `,
        element('b', {}, formatBytes(bytes)),
      ]),
      ' = resident ',
      element('b', {}, formatBytes(memory.resident)),
      isAll
        ? ', all of it on the map'
        : '; on the map are also slabs that were given back since, where they were',
    ),
  );
}
