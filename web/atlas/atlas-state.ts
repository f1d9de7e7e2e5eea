/** The view of an atlas: the figure in captions and plots, and the values at which further axes are shown. */
import { OBJECTIVES, type Objective } from '../../src/sweep/index.js';

export interface AtlasState {
  readonly figure: Objective;
  readonly values: Readonly<Record<string, string>>;
}

export const FIRST_ATLAS: AtlasState = { figure: 'steadyResident', values: {} };

type Entry = readonly [name: string, value: string];

/** Returns the entries of a link, which are those that differ from the first view. */
export function writeAtlas({ figure, values }: AtlasState): Entry[] {
  const entries: Entry[] = figure === FIRST_ATLAS.figure ? [] : [['figure', figure]];
  return [...entries, ...Object.entries(values).map(([name, value]): Entry => [`at.${name}`, value])];
}

/** Reads the entries of a link; an unreadable one is reported to `ignore`. */
export function readAtlasState(entries: readonly Entry[], ignore: (text: string) => void): AtlasState {
  let state = FIRST_ATLAS;
  for (const [name, value] of entries) {
    const figure = OBJECTIVES.find((objective) => objective === value);
    if (name === 'figure' && figure !== undefined) state = { ...state, figure };
    else if (name.startsWith('at.'))
      state = { ...state, values: { ...state.values, [name.slice('at.'.length)]: value } };
    else ignore(`atlas.${name}=${value} (unknown)`);
  }
  return state;
}
