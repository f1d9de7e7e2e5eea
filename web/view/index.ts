import type { Recordings } from '../recordings.js';
import type { View } from '../state.js';
import { Explorer } from './explorer.js';

export interface ViewParts {
  readonly view: View;
  readonly recordings: Recordings;
}

/** Draws the recordings in a container, now and whenever they or the view change; gives what takes it away again. */
export function mountView(container: HTMLElement, parts: ViewParts): () => void {
  const explorer = new Explorer(container, parts);
  return () => explorer.remove();
}
