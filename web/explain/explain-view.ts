/** Explains the memory of a real server from what it printed: its parts, what to do about each, and its classes as a map. */
import { type Explanation, explain, type PartName } from '../../src/analysis/index.js';
import { formatBytes, formatCount, formatShare } from '../../src/base/index.js';
import { classesMap, thumbnails } from '../../src/map/index.js';
import { explainReport, PART_NAMES, sentenceOn, VERDICT_NAMES } from '../../src/report/index.js';
import { drawSmallMap } from '../atlas/small-map.js';
import { button, element } from '../view/dom/element.js';
import { groundOf, onGroundChange } from '../view/ground.js';
import { classLabel, placeLabels } from '../view/map/gutter.js';
import { besideLab, type LabRun } from './beside-lab.js';
import './explain.css';

export interface ExplainView {
  readonly root: HTMLElement;
  /** Explains a text. Throws an InputError if there is nothing to explain in it. */
  show(name: string, text: string): void;
  /** Puts the lab's run of the server's file beside it; null takes it away. */
  beside(lab: LabRun | null): void;
  hide(): void;
}

const MAP = { columns: 200, rows: 150 };
const MAP_PX = 288;
/** Widths of a report as a text. */
const TEXT_COLUMNS = 100;

export function explainView(close: () => void): ExplainView {
  const root = element('section', { class: 'explain', 'aria-label': 'Explanation', hidden: true });
  let shown: Explanation | null = null;
  let lab: LabRun | null = null;
  onGroundChange(() => {
    if (shown !== null) draw(shown);
  });

  function draw(explanation: Explanation): void {
    const back = button('Close', close);
    root.replaceChildren(
      element(
        'div',
        { class: 'explain-head' },
        element('h1', { class: 'sentence' }, headOf(explanation)),
        back,
      ),
      element('p', { class: 'reason' }, serverOf(explanation)),
      bar(explanation),
      ...(lab === null ? [] : [besideLab(explanation, lab)]),
      element('div', { class: 'explain-body' }, parts(explanation), ...classes(explanation, root)),
      element(
        'details',
        {},
        element('summary', {}, 'As text'),
        element('pre', {}, explainReport(explanation, { width: TEXT_COLUMNS, colours: 'none' })),
      ),
    );
  }
  return {
    root,
    show(name, text) {
      const explanation = explain([{ name, text }]);
      shown = explanation;
      root.hidden = false;
      draw(explanation);
    },
    beside(run) {
      lab = run;
      if (shown !== null) draw(shown);
    },
    hide() {
      shown = null;
      root.hidden = true;
    },
  };
}

function headOf({ parts: all, act, of, total }: Explanation): string {
  const part = all.find(({ name }) => name === act) ?? all[0];
  if (part === undefined) return `${formatBytes(total)} of ${of}`;
  const share = `${formatBytes(part.bytes)} of ${formatBytes(total)}`;
  return `${share} is ${PART_NAMES[part.name]}: ${VERDICT_NAMES[part.verdict]}.`;
}

function serverOf({ server, of, used, rss }: Explanation): string {
  return [
    [server.product, server.version].filter((text) => text !== null).join(' '),
    server.allocator ?? '',
    rss === null ? `split: ${of}` : `RSS ${formatBytes(rss)}`,
    used === null ? '' : `used_memory ${formatBytes(used)}`,
  ]
    .filter((text) => text !== '')
    .join(' · ');
}

/** The colours of the parts, which are those of the map. Parts without one are no memory of the allocator. */
const FILLS: Readonly<Partial<Record<PartName, string>>> = {
  data: 'use',
  live: 'use',
  buffers: 'use',
  other: 'use',
  lua: 'use',
  padding: 'use',
  parked: 'pinned',
  'parked-or-other': 'pinned',
  holes: 'pinned',
  dirty: 'back',
  muzzy: 'back',
  'dirty-or-metadata': 'back',
  metadata: 'records',
};

function fillOf(name: PartName): string {
  return `fill-${FILLS[name] ?? 'outside'}`;
}

function bar({ parts: all, total }: Explanation): HTMLElement {
  const pieces = all.filter(({ bytes }) => bytes > 0);
  return element(
    'div',
    { class: 'strip explain-strip', 'aria-hidden': true },
    ...pieces.map(({ name, bytes }) =>
      element(
        'div',
        {
          class: `strip-part ${fillOf(name)}`,
          style: `flex-grow:${bytes}`,
          title: `${PART_NAMES[name]} ${formatBytes(bytes)}`,
        },
        ...(bytes / total > 0.12 ? [element('span', {}, `${PART_NAMES[name]} ${formatBytes(bytes)}`)] : []),
      ),
    ),
  );
}

function tableHead(...titles: readonly string[]): HTMLElement {
  return element(
    'thead',
    {},
    element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title))),
  );
}

function parts(explanation: Explanation): HTMLElement {
  return element(
    'table',
    { class: 'explain-parts explain-split' },
    tableHead('part', 'memory', 'what it is'),
    element(
      'tbody',
      {},
      ...explanation.parts.map((part) =>
        element(
          'tr',
          {},
          element(
            'th',
            { scope: 'row' },
            element('i', { class: `swatch-box ${fillOf(part.name)}` }),
            PART_NAMES[part.name],
            element('small', {}, VERDICT_NAMES[part.verdict]),
          ),
          element(
            'td',
            {},
            element('b', {}, formatBytes(part.bytes)),
            element('small', {}, formatShare(part.share)),
          ),
          element(
            'td',
            {},
            sentenceOn(part, explanation),
            ...[...part.server, ...(part.lab === null ? [] : [part.lab])].map((line) =>
              element('code', {}, line),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Returns the classes with holes as a table, and all as a map, in which area is memory and orange is holes. */
function classes({ classes: all }: Explanation, within: Element): HTMLElement[] {
  if (all === null || all.length === 0) {
    return [
      element(
        'p',
        { class: 'aside-note' },
        'With MEMORY MALLOC-STATS of the same moment, the size classes are a map here.',
      ),
    ];
  }
  const canvas = element('canvas', {
    class: 'small-map',
    role: 'img',
    'aria-label': 'Size classes; the table has the figures',
  });
  const [small] = thumbnails([classesMap(all)], MAP);
  const names = element('div', { class: 'explain-names', 'aria-hidden': true });
  if (small !== undefined) {
    drawSmallMap(canvas, small, 3 * MAP.columns, groundOf(within));
    const { columns, rows, bands } = small.scale;
    // The map is as wide as the style sheet says, and its cells are squares.
    const [cellPx, height] = [MAP_PX / columns, (MAP_PX * rows) / columns];
    const labels = bands.map((band) => ({
      from: band.firstRow * cellPx,
      to: (band.firstRow + band.rows) * cellPx,
      text: band.size === null ? 'others' : classLabel(band.size),
    }));
    for (const { text, y } of placeLabels(labels, height)) {
      names.append(element('span', { style: `top:${(100 * y) / height}%` }, text));
    }
  }
  return [
    element(
      'div',
      { class: 'explain-classes' },
      element('h2', {}, 'Size classes with holes'),
      classTable(all.slice(0, 8)),
    ),
    element(
      'div',
      { class: 'explain-classes' },
      element('h2', {}, 'All size classes'),
      element(
        'p',
        { class: 'aside-note' },
        'The smallest regions first. Area is memory; grey is held, orange is holes.',
      ),
      element('div', { class: 'explain-map' }, names, canvas),
    ),
  ];
}

function classTable(shown: NonNullable<Explanation['classes']>): HTMLElement {
  return element(
    'table',
    { class: 'explain-parts' },
    tableHead('class', 'slabs', 'held', 'holes'),
    element(
      'tbody',
      {},
      ...shown.map(({ size, slabs, util, holes }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, `${formatCount(size)} B`),
          element('td', {}, formatCount(slabs)),
          element('td', {}, formatShare(util)),
          element('td', {}, formatBytes(holes)),
        ),
      ),
    ),
  );
}
