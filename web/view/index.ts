import { Explorer, type ExplorerParts } from './explorer.js';

export type { Change } from './aside/remedies.js';

/** Draws the recordings in a container and follows every change; returns the function that removes the view. */
export function mountView(container: HTMLElement, parts: ExplorerParts): () => void {
  const explorer = new Explorer(container, parts);
  return () => explorer.remove();
}
