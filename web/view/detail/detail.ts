/** The panel of the chosen slab or extent: the same item in every frame that has it. On a phone it is a sheet. */
import { formatBytes, formatCount, formatShare, plural } from '../../../src/base/index.js';
import type { BuildInfo } from '../../../src/engine/index.js';
import type { Frame } from '../../recordings.js';
import type { OwnerRemedy } from '../aside/remedies.js';
import { type RunBeside, remedyItem } from '../aside/remedies-list.js';
import { button, element } from '../dom/element.js';
import { addressOf, describe, type Looked } from '../map/describe.js';
import { itemOfPage } from '../scenes.js';
import { biography } from './biography.js';
import { ownersOf } from './owners-of.js';
import { regionPicture } from './region-picture.js';
import { sheetGrip } from './sheet-grip.js';

interface DetailSide extends Looked {
  readonly title: string;
  /** The frames of the recording, and the index of the shown one. */
  readonly frames: readonly Frame[];
  readonly at: number;
  /** Returns the remedy of an owner by its name, if there is one for this run. */
  readonly remedyOf: (owner: string) => OwnerRemedy | null;
}

interface DetailEvents {
  readonly unpin: () => void;
  readonly chooseOwner: (name: string) => void;
  /** Chooses the next slab on the map, or the one before. */
  readonly step: (by: 1 | -1) => void;
  readonly run: RunBeside;
}

export interface DetailHandle {
  show(page: number | null, sides: readonly DetailSide[]): void;
}

export function detail(container: HTMLElement, events: DetailEvents): DetailHandle {
  const close = button('✕', events.unpin, { class: 'quiet', 'aria-label': 'Let the slab go' });
  const steps = ([-1, 1] as const).map((by) => {
    const name = by === 1 ? 'Next slab' : 'Previous slab';
    const button = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': name },
      by === 1 ? '›' : '‹',
    );
    button.addEventListener('click', () => events.step(by));
    return button;
  });
  const head = element('div', { class: 'detail-head' }, ...steps, close);
  const grip = sheetGrip(container);
  container.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') events.unpin();
  });
  return {
    show(page, sides) {
      container.hidden = page === null || sides.length === 0;
      if (page === null) return container.replaceChildren();
      const focused = container.contains(document.activeElement) ? document.activeElement : null;
      const parts = sides.flatMap((side) => sidePart(page, side, sides.length > 1, events));
      container.replaceChildren(grip, head, ...parts);
      if (focused !== null) (head.contains(focused) ? (focused as HTMLElement) : close).focus();
    },
  };
}

function sidePart(page: number, side: DetailSide, isOneOfTwo: boolean, events: DetailEvents): Element[] {
  const { frame, info } = side;
  const item = itemOfPage(frame, page);
  const heading = isOneOfTwo ? [element('h2', { class: 'detail-run' }, side.title)] : [];
  if (item === null) {
    const gone = `At ${frame.phase} nothing begins at ${addressOf(page, info)}: it was given back, or is part of another extent.`;
    return [...heading, element('p', {}, gone)];
  }
  const { title, gist, facts } = describe(side, item);
  return [
    ...heading,
    element(isOneOfTwo ? 'h3' : 'h2', {}, title),
    element('p', { class: 'gist' }, gist),
    ...pins(frame, info, item),
    ...regionPicture(side, item),
    ...residents(frame, item, events.chooseOwner),
    ...life(side, page),
    ...ending(side, item, events),
    element(
      'dl',
      {},
      ...facts.flatMap(({ name, value }) => [element('dt', {}, name), element('dd', {}, value)]),
    ),
  ];
}

function life({ frames, at }: DetailSide, page: number): HTMLElement[] {
  const steps = biography(frames, at, page);
  if (steps.length === 0) return [];
  const items = steps.map(({ kind, head, text }) =>
    element('li', { class: `step-${kind}` }, element('b', {}, head), element('span', {}, text)),
  );
  return [element('ol', { class: 'life', 'aria-label': 'Its life' }, ...items)];
}

/** Returns the sentence about the bytes of a slab that could return, and the live regions that keep them. */
function pins({ snapshot: { granules } }: Frame, info: BuildInfo, item: number): HTMLElement[] {
  if (item >= granules.count) return [];
  const sizeClass = granules.sizeClass[item]!;
  if (sizeClass >= info.smallClasses) return [];
  const live = granules.live[item]!;
  const bytes = formatBytes(granules.pages[item]! * info.pageSize);
  const own = formatBytes(live * info.sizeClasses[sizeClass]!);
  const text =
    live === 0
      ? `Nothing live is in it: ${bytes} could be given back.`
      : `${plural(live, 'live region')} of ${own} in all ${live === 1 ? 'keeps' : 'keep'} ${bytes} from coming back.`;
  return [element('p', { class: 'pins' }, text)];
}

/** Returns what would end the slab's largest owner, and the way to all slabs that it is in. */
function ending({ frame, remedyOf }: DetailSide, item: number, events: DetailEvents): HTMLElement[] {
  const [largest] = ownersOf(frame, item).sort((a, b) => b.count - a.count);
  const found = largest === undefined ? null : remedyOf(largest.name);
  if (found === null) return [];
  const all = button(`Show all slabs with ${found.pattern}`, () => events.chooseOwner(found.pattern), {
    class: 'show-all',
  });
  return [remedyItem(found.remedy, events.run), all];
}

function residents(frame: Frame, item: number, chooseOwner: (name: string) => void): HTMLElement[] {
  const owners = ownersOf(frame, item);
  if (owners.length === 0) return [];
  const all = owners.reduce((sum, { count }) => sum + count, 0);
  const rows = owners.map(({ name, count }) => {
    const choose = element(
      'button',
      { type: 'button', class: 'link', title: `Only slabs with ${name}` },
      name,
    );
    choose.addEventListener('click', () => chooseOwner(name));
    return element('li', {}, choose, ` ${formatCount(count)} (${formatShare(count / all)})`);
  });
  return [
    element('h3', { class: 'residents-head' }, 'Who lives there'),
    element('ul', { class: 'residents' }, ...rows),
  ];
}
