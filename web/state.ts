/** The state of the view: all of it is in the address bar, except whether it plays. */
import { Store } from './store.js';

export const ORDERS = ['class', 'address'] as const;
export type Order = (typeof ORDERS)[number];

export const COLOURS = ['occupancy', 'state', 'owner', 'age', 'difference'] as const;
export type Colour = (typeof COLOURS)[number];

/** States that a filter can select. A slab that is in use in part is `use` and `pinned`. */
export const STATES = [
  'use',
  'pinned',
  'drainable',
  'large',
  'dirty',
  'muzzy',
  'retained',
  'metadata',
] as const;
export type MapState = (typeof STATES)[number];

/**
 * Position of the camera: the point in the middle of the view, in layout units, and the magnification relative to the
 * whole map.
 */
export interface Zoom {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface ViewState {
  /**
   * Index among the first recording's frames; the second shows the frame at the same place. Null means the last frame.
   */
  readonly frame: number | null;
  /** Index of the frame that the colouring `difference` compares with; null means the frame before the shown one. */
  readonly before: number | null;
  readonly order: Order;
  readonly colour: Colour;
  readonly showsRetained: boolean;
  /** Filters: class sizes in bytes, names of owners or of their patterns, states. An empty list selects all. */
  readonly classes: readonly number[];
  readonly owners: readonly string[];
  readonly states: readonly MapState[];
  /** First page of the slab or extent in the detail panel; other frames have the same item under the same page. */
  readonly selected: number | null;
  /** Null means the whole map. */
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
