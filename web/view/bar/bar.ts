/** The bar over the map: its colouring, its order, its filters, and the actions on it. */
import {
  COLOURS,
  type Colour,
  type MapState,
  ORDERS,
  type Order,
  STATES,
  type View,
  type ViewState,
} from '../../state.js';
import { element, setAttributes, uniqueId } from '../dom/element.js';
import type { KeyAction } from '../map/keys.js';

const EXPORTS = ['SVG', 'PNG', 'JSON'] as const;
export type Export = (typeof EXPORTS)[number];

const TITLES: Readonly<Record<Export, string>> = {
  SVG: 'Save the whole map as shapes, SVG',
  PNG: 'Save the whole map as a picture, PNG',
  JSON: 'Save the result of the run, JSON',
};

interface BarContents {
  /** Names of owners, most regions first; empty if the run has no owners. */
  readonly owners: readonly string[];
  readonly frames: readonly string[];
  readonly frame: number;
}

export interface BarHandle {
  show(view: ViewState, contents: BarContents): void;
}

const COLOUR_NAMES: Readonly<Record<Colour, string>> = {
  occupancy: 'occupancy',
  state: 'state',
  owner: 'owner',
  age: 'age',
  difference: 'difference',
};
const ORDER_NAMES: Readonly<Record<Order, string>> = { class: 'size class', address: 'address' };

export function bar(
  container: HTMLElement,
  view: View,
  events: { readonly act: (action: KeyAction) => void; readonly save: (as: Export) => void },
): BarHandle {
  const colour = select('Colour by', COLOURS, COLOUR_NAMES, (value) => view.change({ colour: value }));
  const order = select('Order by', ORDERS, ORDER_NAMES, (value) => view.change({ order: value }));
  const before = select('compared with', [], {}, (value) =>
    view.change({ before: value === '' ? null : Number(value) }),
  );
  const states = chips('Show only', STATES, (state) => {
    view.change({ states: toggled(view.get().states, state as MapState) });
  });
  const owners = element('details', { class: 'menu owners' }, element('summary', {}, 'Owners'));
  const ownerList = element('div', { class: 'menu-body' });
  owners.append(ownerList);
  const clear = element('button', { type: 'button', class: 'quiet' }, 'Clear filters');
  clear.addEventListener('click', () => view.change({ classes: [], owners: [], states: [] }));
  const retained = element('input', { type: 'checkbox' });
  retained.addEventListener('change', () => view.change({ showsRetained: retained.checked }));
  container.append(
    element(
      'div',
      { class: 'bar-row' },
      colour.label,
      before.label,
      order.label,
      zoomButtons(events.act),
      exports(events.save),
    ),
    element(
      'div',
      { class: 'bar-row filters' },
      states.group,
      owners,
      element('label', { class: 'check' }, retained, 'with retained'),
      clear,
    ),
  );
  let listed = '';

  return {
    show(state, contents) {
      const offered = COLOURS.filter(
        (mode) =>
          (mode !== 'owner' || contents.owners.length > 0) &&
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
          i === '' ? 'the sweep before' : contents.frames[i as number]!,
        ]),
        state.before === null ? '' : String(state.before),
      );
      retained.checked = state.showsRetained;
      states.show(state.states);
      clear.hidden = state.classes.length + state.owners.length + state.states.length === 0;
      owners.hidden = contents.owners.length === 0;
      const list = JSON.stringify([contents.owners, state.owners]);
      if (list !== listed) {
        listed = list;
        showOwners(contents.owners, state.owners);
      }
    },
  };

  function showOwners(names: readonly string[], chosen: readonly string[]): void {
    ownerList.replaceChildren(
      ...names.map((name) => {
        const box = element('input', { type: 'checkbox' });
        box.checked = chosen.includes(name);
        box.addEventListener('change', () => view.change({ owners: toggled(view.get().owners, name) }));
        return element('label', { class: 'check' }, box, name);
      }),
    );
  }
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
  return { input, set, label: element('label', { class: 'choice' }, `${name} `, input) };
}

function chips(name: string, values: readonly string[], toggle: (value: string) => void) {
  const buttons = values.map((value) => {
    const button = element('button', { type: 'button', class: 'chip', 'aria-pressed': 'false' }, value);
    button.addEventListener('click', () => toggle(value));
    return [value, button] as const;
  });
  const group = element(
    'div',
    { class: 'chips', role: 'group', 'aria-label': name },
    element('span', { class: 'chips-name', 'aria-hidden': true }, name),
    ...buttons.map(([, button]) => button),
  );
  const show = (chosen: readonly string[]) => {
    for (const [value, button] of buttons) {
      setAttributes(button, { 'aria-pressed': String(chosen.includes(value)) });
    }
  };
  return { group, show };
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
    ...actions.map(([text, label, action]) => {
      const button = element('button', { type: 'button', 'aria-label': label, title: label }, text);
      button.addEventListener('click', () => act(action));
      return button;
    }),
  );
}

function exports(save: (as: Export) => void): HTMLElement {
  return element(
    'div',
    { class: 'buttons', role: 'group', 'aria-label': 'Save the map' },
    ...EXPORTS.map((as) => {
      const button = element(
        'button',
        { type: 'button', 'aria-label': `Save as ${as}`, title: TITLES[as] },
        as,
      );
      button.addEventListener('click', () => save(as));
      return button;
    }),
  );
}
