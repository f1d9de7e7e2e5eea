/** The bar over the map: its colouring, its order, its filters, and the actions on it. */
import { COLOURS, type Colour, ORDERS, type Order, type View, type ViewState } from '../../state.js';
import { copyButton } from '../dom/copy-button.js';
import { button, element, uniqueId } from '../dom/element.js';
import type { KeyAction } from '../map/keys.js';
import type { Export } from '../save/save.js';

const SAVED: Readonly<Record<Export, readonly [name: string, what: string]>> = {
  SVG: ['SVG', 'the whole map as shapes'],
  PNG: ['PNG', 'the whole map as a picture'],
  HTML: ['HTML', 'this page with its runs, in one file that needs no network'],
  slabs: ['.slabs', 'every sweep of the run, which this page and slablab map open'],
  JSON: ['JSON', 'the result of the run'],
};

interface BarContents {
  /** Names of the frames. */
  readonly frames: readonly string[];
}

interface BarEvents {
  readonly act: (action: KeyAction) => void;
  readonly exports: readonly Export[];
  readonly save: (as: Export) => void;
  /** Returns the answer as Markdown. */
  readonly markdown: () => string;
}

export interface BarHandle {
  /** Room for the name of a run. */
  readonly titleSlot: HTMLElement;
  show(view: ViewState, contents: BarContents): void;
  /** Says how to read the colours; an empty text says nothing. */
  hint(text: string): void;
}

const COLOUR_NAMES: Readonly<Record<Colour, string>> = {
  occupancy: 'what is pinned',
  difference: 'what has changed',
  age: 'age',
  state: 'state',
  owner: 'owner',
};
const ORDER_NAMES: Readonly<Record<Order, string>> = { class: 'size class', address: 'address' };

export function bar(container: HTMLElement, view: View, events: BarEvents): BarHandle {
  const colour = select('Colour by', COLOURS, COLOUR_NAMES, (value) => view.change({ colour: value }));
  const order = select('Order by', ORDERS, ORDER_NAMES, (value) => view.change({ order: value }));
  const before = select('compared with', [], {}, (value) =>
    view.change({ before: value === '' ? null : Number(value) }),
  );
  const clear = button('Clear filters', () => view.change({ classes: [], owners: [], states: [] }), {
    class: 'quiet clear',
  });
  const retained = element('input', { type: 'checkbox' });
  retained.addEventListener('change', () => view.change({ showsRetained: retained.checked }));
  const titleSlot = element('div', { class: 'title-slot' });
  const hint = element('p', { class: 'hint' });
  container.append(
    titleSlot,
    hint,
    clear,
    before.label,
    colour.label,
    menu('View', order.label, element('label', { class: 'check' }, retained, 'with retained, by address')),
    menu('Save', exportList(events), copyButton('Copy as Markdown', events.markdown)),
    zoomButtons(events.act),
  );

  return {
    titleSlot,
    hint: (text) => {
      hint.textContent = text;
      colour.input.title = text;
    },
    show(state, contents) {
      const offered = COLOURS.filter(
        (mode) =>
          (mode !== 'owner' || state.colour === 'owner') &&
          (mode !== 'difference' || contents.frames.length > 1),
      );
      colour.set(
        offered.map((mode) => [mode, COLOUR_NAMES[mode]]),
        offered.includes(state.colour) ? state.colour : 'occupancy',
      );
      order.input.value = state.order;
      before.label.hidden = state.colour !== 'difference';
      before.set(
        ['', ...contents.frames.keys()].map((i) => [
          String(i),
          i === '' ? 'the phase before' : contents.frames[i as number]!,
        ]),
        state.before === null ? '' : String(state.before),
      );
      retained.checked = state.showsRetained;
      clear.hidden = state.classes.length + state.owners.length + state.states.length === 0;
    },
  };
}

/** Returns a menu that closes on Escape, and on a press elsewhere. */
function menu(name: string, ...contents: HTMLElement[]): HTMLElement {
  const summary = element('summary', {}, name);
  const root = element(
    'details',
    { class: 'menu' },
    summary,
    element('div', { class: 'menu-body' }, ...contents),
  );
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !root.open) return;
    root.open = false;
    summary.focus();
  });
  document.addEventListener('pointerdown', (event) => {
    if (!root.contains(event.target as Node)) root.open = false;
  });
  return root;
}

export function toggled<Value>(values: readonly Value[], value: Value): readonly Value[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}

function select<Value extends string>(
  name: string,
  values: readonly Value[],
  names: Readonly<Record<Value, string>>,
  chosen: (value: Value) => void,
) {
  const input = element('select', { id: uniqueId('choice') });
  let known = '';
  const set = (options: readonly (readonly [string, string])[], value: string) => {
    const key = JSON.stringify(options);
    if (key !== known) {
      known = key;
      input.replaceChildren(...options.map(([option, text]) => element('option', { value: option }, text)));
    }
    input.value = value;
  };
  set(
    values.map((value) => [value, names[value]]),
    values[0] ?? '',
  );
  input.addEventListener('change', () => chosen(input.value as Value));
  return {
    input,
    set,
    label: element('label', { class: 'choice' }, element('span', { class: 'choice-name' }, name), input),
  };
}

function zoomButtons(act: (action: KeyAction) => void): HTMLElement {
  const actions: readonly (readonly [string, string, KeyAction])[] = [
    ['−', 'Zoom out', { kind: 'zoom', factor: 0.5 }],
    ['+', 'Zoom in', { kind: 'zoom', factor: 2 }],
    ['Whole', 'Show the whole map', { kind: 'whole' }],
  ];
  return element(
    'div',
    { class: 'buttons', role: 'group', 'aria-label': 'Zoom' },
    ...actions.map(([text, label, action]) =>
      button(text, () => act(action), {
        class: action.kind,
        'aria-label': label,
        title: label,
      }),
    ),
  );
}

function exportList({ exports, save }: BarEvents): HTMLElement {
  return element(
    'div',
    { class: 'exports', role: 'group', 'aria-label': 'Save what is seen' },
    ...exports.map((as) => {
      const [name, what] = SAVED[as];
      const button = element(
        'button',
        { type: 'button' },
        element('b', {}, name),
        ' ',
        element('small', {}, what),
      );
      button.addEventListener('click', () => save(as));
      return button;
    }),
  );
}
