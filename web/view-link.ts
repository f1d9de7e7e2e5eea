/** The view's part of a link: only the fields that differ from the first view. */
import { COLOURS, FIRST_VIEW, type MapState, ORDERS, STATES, type ViewState } from './state.js';

type Entry = readonly [name: string, value: string];

export function writeView(view: ViewState): Entry[] {
  const entries: Entry[] = [];
  for (const [name, { write }] of Object.entries(FIELDS)) {
    const text = write(view);
    if (text !== write(FIRST_VIEW)) entries.push([name, text]);
  }
  return entries;
}

/** Reads the view of a link; an unreadable field is reported to `ignore` and keeps its first value. */
export function readView(entries: readonly Entry[], ignore: (text: string) => void): ViewState {
  let view = FIRST_VIEW;
  for (const [name, value] of entries) {
    const read = Object.hasOwn(FIELDS, name) ? FIELDS[name]?.read(value) : undefined;
    if (read !== undefined) view = { ...view, ...read };
    else ignore(`view.${name}=${value} (${Object.hasOwn(FIELDS, name) ? 'out of range' : 'unknown'})`);
  }
  return view;
}

interface Field {
  readonly write: (view: ViewState) => string;
  /** Returns undefined for text that is no value of the field. */
  readonly read: (text: string) => Partial<ViewState> | undefined;
}

const FIELDS: Readonly<Record<string, Field>> = {
  frame: {
    write: ({ frame }) => (frame === null ? '' : `${frame}`),
    read: (text) => fromNumber(text, (frame) => ({ frame })),
  },
  before: {
    write: ({ before }) => (before === null ? '' : `${before}`),
    read: (text) => fromNumber(text, (before) => ({ before })),
  },
  order: {
    write: ({ order }) => order,
    read: (text) => fromChoice(ORDERS, text, (order) => ({ order })),
  },
  colour: {
    write: ({ colour }) => colour,
    read: (text) => fromChoice(COLOURS, text, (colour) => ({ colour })),
  },
  retained: {
    write: ({ showsRetained }) => (showsRetained ? 'yes' : 'no'),
    read: (text) => fromChoice(['yes', 'no'], text, (answer) => ({ showsRetained: answer === 'yes' })),
  },
  classes: {
    write: ({ classes }) => classes.join(','),
    read: (text) => {
      const classes = text.split(',').map(Number);
      return classes.every((size) => Number.isSafeInteger(size) && size > 0) ? { classes } : undefined;
    },
  },
  owners: {
    write: ({ owners }) => owners.map(encodeURIComponent).join(','),
    read: (text) => ({ owners: text.split(',').map(decoded) }),
  },
  states: {
    write: ({ states }) => states.join(','),
    read: (text) => {
      const states = text.split(',');
      const isKnown = states.every((state) => STATES.some((known) => known === state));
      return isKnown ? { states: states as MapState[] } : undefined;
    },
  },
  selected: {
    write: ({ selected }) => (selected === null ? '' : `${selected}`),
    read: (text) => fromNumber(text, (selected) => ({ selected })),
  },
  zoom: {
    // A link has all digits, so that it leads to the same pixels.
    write: ({ zoom }) => (zoom === null ? '' : [zoom.x, zoom.y, zoom.scale].join(',')),
    read: (text) => {
      const [x = Number.NaN, y = Number.NaN, scale = Number.NaN, ...more] = text.split(',').map(Number);
      const isZoom = [x, y, scale].every(Number.isFinite) && scale > 0 && more.length === 0;
      return isZoom ? { zoom: { x, y, scale } } : undefined;
    },
  },
};

function fromNumber(
  text: string,
  make: (value: number) => Partial<ViewState>,
): Partial<ViewState> | undefined {
  return /^\d{1,10}$/.test(text) ? make(Number(text)) : undefined;
}

function fromChoice<const Choice extends string>(
  choices: readonly Choice[],
  text: string,
  make: (choice: Choice) => Partial<ViewState>,
): Partial<ViewState> | undefined {
  const choice = choices.find((known) => known === text);
  return choice === undefined ? undefined : make(choice);
}

/** Returns the text itself if its percent-encoding is invalid. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
