/** Shows a sweep as an atlas: its answer, its cells as small maps on one scale, plots and a table. Cells fill in as they come. */
import { atlasGrid, type Ground, type Thumbnail, thumbnails } from '../../src/map/index.js';
import {
  type Atlas,
  type AtlasCell,
  atlasAnswer,
  changeText,
  conditionsOf,
  FIGURE_TITLES,
  figureOf,
  figuresIn,
  figureText,
  legendOf,
  valueText,
} from '../../src/report/index.js';
import type { Store } from '../store.js';
import type { ShownSweep } from '../sweep/sweeps.js';
import { button, element, setAttributes, uniqueId } from '../view/dom/element.js';
import { groundOf, onGroundChange } from '../view/ground.js';
import type { AtlasState } from './atlas-state.js';
import { showCellTable } from './cell-table.js';
import { type CellEvents, showPlots } from './plots-view.js';
import { type AtlasPageParts, type SeenAtlas, saveButtons } from './save-atlas.js';
import { drawSmallMap } from './small-map.js';
import './atlas.css';

export interface AtlasParts {
  readonly shown: Store<ShownSweep | null>;
  readonly state: Store<AtlasState>;
  /** Opens one cell as a run, or two as a comparison. */
  readonly open: (cells: readonly number[]) => void;
  readonly cancel: () => void;
  /** Null where the page is one file itself. */
  readonly page: AtlasPageParts | null;
}

/** Cells of a small map at its largest: two device pixels each on a common screen. */
const FRAME = { columns: 90, rows: 70 };
/** Many columns get smaller maps. */
const FRAME_OF_MANY = { columns: 60, rows: 46 };
const MANY_COLUMNS = 6;

export function mountAtlas(container: HTMLElement, { shown, state, open, cancel, page }: AtlasParts): void {
  const sentence = element('h1', { class: 'sentence' });
  const reason = element('p', { class: 'reason' });
  const about = element('p', { class: 'atlas-about' });
  const progress = element('p', { class: 'progress-text', role: 'status' });
  const stop = button('Cancel', cancel);
  const choices = element('div', { class: 'atlas-choices' });
  const hint = element('p', { class: 'atlas-hint' }, HINT);
  const legend = element('div', { class: 'atlas-legend' });
  const grid = element('div', { class: 'atlas-grid', role: 'group', 'aria-label': 'Cells' });
  const plots = element('div', { class: 'atlas-plots' });
  const table = element('div', {
    class: 'table-scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': 'All cells',
  });
  const root = element(
    'section',
    { class: 'atlas', 'aria-label': 'Atlas', hidden: true },
    sentence,
    reason,
    about,
    element('div', { class: 'atlas-bar' }, choices, progress, stop, saveButtons(seen, page)),
    element('div', { class: 'atlas-body' }, element('div', {}, legend, grid, hint), plots),
    table,
  );
  container.append(root);
  let marked: number | null = null;
  let drawn = '';
  let small: ReadonlyMap<number, Thumbnail> = new Map();
  let smallOf: readonly AtlasCell[] = [];

  const events: CellEvents = {
    hover: (cells) => {
      for (const part of root.querySelectorAll<HTMLElement>('[data-cell]')) {
        part.classList.toggle('is-hovered', cells.includes(Number(part.dataset.cell)));
      }
      for (const point of root.querySelectorAll<SVGElement>('circle')) {
        const its = (point.dataset.cells ?? '').split(' ').map(Number);
        point.classList.toggle(
          'is-hovered',
          its.some((cell) => cells.includes(cell)),
        );
      }
    },
    open: (cell, isSecond) => {
      if (!isSecond) open([cell]);
      else if (marked === null || marked === cell) {
        marked = marked === cell ? null : cell;
        update();
      } else {
        const first = marked;
        marked = null;
        open([first, cell]);
      }
    },
  };

  function seen(): SeenAtlas | null {
    const atlas = shown.get()?.atlas;
    return atlas === undefined ? null : { atlas, state: state.get(), ground: groundOf(root) };
  }

  function update(): void {
    const now = shown.get();
    root.hidden = now === null;
    if (now === null) {
      marked = null;
      return;
    }
    const { atlas, workers, isCancelled } = now;
    const { figure, values } = state.get();
    const ground = groundOf(root);
    const answer = atlasAnswer(atlas, figure);
    const places = atlasGrid(atlas.axes, values);
    const soFar = atlas.cells.length === 0 ? 'The sweep is running.' : `So far ${answer.sentence}`;
    sentence.textContent = workers > 0 ? soFar : answer.sentence;
    reason.textContent = answer.reason;
    about.textContent = conditionsOf(atlas, places.fixed);
    const done = `${atlas.cells.length} of ${atlas.cellCount} cells`;
    progress.textContent =
      workers > 0 ? `${done} · ${workers} workers` : isCancelled ? `${done}; cancelled` : done;
    setAttributes(stop, { hidden: workers === 0 });
    showChoices(choices, atlas, state);
    showLegend(legend, ground);
    showGrid(atlas, answer.best, ground);
    showPlots(plots, atlas, state.get(), ground, events);
    showCellTable(table, atlas, answer.best, events);
  }

  function showGrid(atlas: Atlas, best: number | null, ground: Ground): void {
    const { figure, values } = state.get();
    const { across, down, columns, places } = atlasGrid(atlas.axes, values);
    const key = JSON.stringify([atlas.axes, values]);
    if (key !== drawn) {
      drawn = key;
      grid.style.setProperty('--columns', String(columns));
      grid.replaceChildren(
        corner(across?.name ?? '', down?.name ?? ''),
        ...(across === null ? [element('span', {})] : across.values.map((value) => head(across.name, value))),
        ...places.flatMap(({ cell, row, column }) => [
          ...(column === 0 ? [head(down?.name ?? '', down?.values[row] ?? '', down !== null)] : []),
          cellButton(cell, atlas),
        ]),
      );
    }
    const frame = columns > MANY_COLUMNS ? FRAME_OF_MANY : FRAME;
    if (smallOf !== atlas.cells) {
      const mapped = atlas.cells.filter(({ map }) => map !== null);
      const maps = thumbnails(
        mapped.map(({ map }) => map!),
        frame,
      );
      small = new Map(mapped.map(({ cell }, at) => [cell, maps[at]!]));
      smallOf = atlas.cells;
    }
    for (const { cell: number } of places) {
      const button = grid.querySelector<HTMLButtonElement>(`[data-cell="${number}"]`);
      const cell = atlas.cells.find((each) => each.cell === number);
      if (button !== null && cell !== undefined) {
        showCell(button, cell, atlas, { figure, best, ground, marked, map: small.get(number) });
      }
    }
  }

  function cellButton(cell: number, atlas: Atlas): HTMLElement {
    const canvas = element('canvas', {
      class: 'small-map',
      width: FRAME.columns * 2,
      height: FRAME.rows * 2,
    });
    const button = element(
      'button',
      { type: 'button', class: 'atlas-cell', 'data-cell': cell, disabled: true },
      canvas,
      element('span', { class: 'atlas-caption' }, element('b', {}, '…')),
    );
    button.setAttribute('aria-label', `Cell ${cell} of ${atlas.cellCount}`);
    button.addEventListener('click', (event) => events.open(cell, event.shiftKey));
    // A long press on a touch screen.
    button.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      events.open(cell, true);
    });
    button.addEventListener('pointerenter', () => events.hover([cell]));
    button.addEventListener('pointerleave', () => events.hover([]));
    return button;
  }

  shown.subscribe(update);
  state.subscribe(update);
  onGroundChange(update);
  update();
}

const HINT =
  'A press opens a cell as a run. Shift and a press, or a long press, marks one; a second one compares them.';

interface CellLook {
  readonly figure: AtlasState['figure'];
  readonly best: number | null;
  readonly marked: number | null;
  readonly ground: Ground;
  readonly map: Thumbnail | undefined;
}

function showCell(
  button: HTMLButtonElement,
  cell: AtlasCell,
  atlas: Atlas,
  { figure, best, marked, ground, map }: CellLook,
): void {
  const value = figureOf(cell, figure);
  const text = value === null ? (cell.error ?? 'no figure') : figureText(figure, value);
  const isBest = cell.cell === best;
  button.disabled = false;
  button.classList.toggle('is-best', isBest);
  button.classList.toggle('is-marked', cell.cell === marked);
  button.classList.toggle('has-failed', cell.error !== null);
  const settings = Object.entries(cell.values).map(([name, its]) => `${name} ${valueText(name, its)}`);
  const change = changeText(cell, atlas, figure);
  button.setAttribute('aria-label', `${settings.join(', ')}: ${text} ${change}${isBest ? ', best' : ''}`);
  const caption = button.querySelector('.atlas-caption');
  caption?.replaceChildren(
    element('b', {}, text),
    ' ',
    element('small', {}, change),
    ...(isBest ? [element('em', { title: 'best', 'aria-hidden': true }, '★')] : []),
  );
  const canvas = button.querySelector('canvas');
  if (canvas === null || map === undefined) return;
  const look = `${ground} ${map.scale.columns} ${map.scale.rows} ${map.scale.pagesPerCell}`;
  if (canvas.dataset.look === look) return;
  canvas.dataset.look = look;
  drawSmallMap(canvas, map, 2 * FRAME.columns, ground);
}

function showChoices(container: HTMLElement, atlas: Atlas, state: Store<AtlasState>): void {
  const { figure, values } = state.get();
  const { fixed } = atlasGrid(atlas.axes, values);
  const figures = figuresIn(atlas);
  const key = JSON.stringify([figures, fixed.map(({ axis, value }) => [axis, value]), figure]);
  if (container.dataset.key === key) return;
  container.dataset.key = key;
  container.replaceChildren(
    choice(
      'Figure',
      figures.map((each) => [each, FIGURE_TITLES[each]]),
      figure,
      (chosen) => state.change({ figure: chosen as AtlasState['figure'] }),
    ),
    ...fixed.map(({ axis, value }) =>
      choice(
        axis.name,
        axis.values.map((each) => [each, valueText(axis.name, each)]),
        value,
        (chosen) => state.change({ values: { ...state.get().values, [axis.name]: chosen } }),
      ),
    ),
  );
}

function choice(
  name: string,
  options: readonly (readonly [value: string, text: string])[],
  value: string,
  chosen: (value: string) => void,
): HTMLElement {
  const select = element('select', { id: uniqueId('atlas') });
  select.append(...options.map(([each, text]) => element('option', { value: each }, text)));
  select.value = value;
  select.addEventListener('change', () => chosen(select.value));
  return element('label', { class: 'choice' }, element('span', { class: 'choice-name' }, name), select);
}

function showLegend(container: HTMLElement, ground: Ground): void {
  if (container.dataset.ground === ground) return;
  container.dataset.ground = ground;
  container.replaceChildren(
    ...legendOf(ground).map(({ label, swatches }) =>
      element(
        'span',
        { class: 'swatch' },
        element(
          'span',
          { class: 'atlas-keys' },
          ...swatches.map((colour) =>
            label === 'came back'
              ? element('i', { class: 'atlas-key atlas-key-hatched' })
              : element('i', { class: 'atlas-key', style: `background:${colour}` }),
          ),
        ),
        label,
      ),
    ),
  );
}

function corner(across: string, down: string): HTMLElement {
  return element('span', { class: 'atlas-corner' }, element('span', {}, across), element('span', {}, down));
}

function head(axis: string, value: string, isRow = false): HTMLElement {
  return element('span', { class: isRow ? 'atlas-row' : 'atlas-column' }, valueText(axis, value));
}
