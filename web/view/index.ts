import type { Recordings } from '../recordings.js';
import type { View } from '../state.js';
import { Explorer } from './explorer.js';

export interface ViewParts {
  readonly view: View;
  readonly recordings: Recordings;
}

/** Draws the recordings in a container and follows every change; returns the function that removes the view. */
export function mountView(container: HTMLElement, parts: ViewParts): () => void {
  const explorer = new Explorer(container, parts);
  return () => explorer.remove();
}
