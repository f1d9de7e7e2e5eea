import type { Recordings } from '../recordings.js';
import type { View } from '../state.js';

export interface ViewParts {
  readonly view: View;
  readonly recordings: Recordings;
}

/** Draws the recordings in a container, now and whenever they or the view change; gives what takes it away again. */
export function mountView(container: HTMLElement, { recordings }: ViewParts): () => void {
  const show = () => {
    container.textContent = recordings
      .get()
      .map(({ title, recording }) => `${title}: ${recording.frames.length} sweeps`)
      .join('\n');
  };
  show();
  return recordings.subscribe(show);
}
