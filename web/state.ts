/** How the recordings are looked at: all of it is in the address bar, except that something plays. */
import { Store } from './store.js';

export const ORDERS = ['class', 'address'] as const;
export type Order = (typeof ORDERS)[number];

export const COLOURS = ['occupancy', 'state', 'owner', 'age', 'difference'] as const;
export type Colour = (typeof COLOURS)[number];

/** What a filter for states can leave on the map. */
export const STATES = ['pinned', 'drainable', 'large', 'dirty', 'muzzy', 'retained', 'metadata'] as const;
export type MapState = (typeof STATES)[number];

/** Of the map: the point in its middle, in the layout's own units, and how many times larger than the whole. */
export interface Zoom {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface ViewState {
  /** Of the first recording's frames; of the second the one at the same place. Null: the last there is. */
  readonly frame: number | null;
  /** What the colouring `difference` compares with; null: the frame before the one that is shown. */
  readonly before: number | null;
  readonly order: Order;
  readonly colour: Colour;
  readonly showsRetained: boolean;
  /** Filters: sizes of classes in bytes, names of owners, states. Empty: all. */
  readonly classes: readonly number[];
  readonly owners: readonly string[];
  readonly states: readonly MapState[];
  /** First page of the slab or extent in the detail panel: other frames have the same one under the same page. */
  readonly selected: number | null;
  /** Null: the whole map. */
  readonly zoom: Zoom | null;
  readonly isPlaying: boolean;
}

export const FIRST_VIEW: ViewState = {
  frame: null,
  before: null,
  order: 'class',
  colour: 'occupancy',
  showsRetained: false,
  classes: [],
  owners: [],
  states: [],
  selected: null,
  zoom: null,
  isPlaying: false,
};

export type View = Store<ViewState>;

export function createView(state: ViewState = FIRST_VIEW): View {
  return new Store(state);
}
