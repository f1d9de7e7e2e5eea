/** Stands where the map will be while there is nothing to show: what one can do, or how far the first run is. */
import { progressText } from '../progress-text.js';
import type { Session } from '../session.js';
import type { Sweeps } from '../sweep/sweeps.js';
import { button, element, setAttributes } from '../view/dom/element.js';

export function placeholder(
  session: Session,
  sweeps: Sweeps,
  choose: () => void,
  openFile: () => void,
): HTMLElement {
  const sentence = element('h1', { class: 'sentence' });
  const reason = element('p', { class: 'reason' });
  const workload = button('Choose a workload', choose, { class: 'primary' });
  const file = button('Open a file', openFile);
  const root = element(
    'section',
    { class: 'placeholder', 'aria-label': 'Nothing is shown yet' },
    element('div', { class: 'said' }, sentence, reason),
    element('div', { class: 'placeholder-bar' }),
    element('div', { class: 'placeholder-map' }, workload, file),
  );
  const show = () => {
    const running = session.running.get();
    const [shown] = session.recordings.get();
    const isEmpty = shown === undefined || shown.recording.frames.length === 0;
    setAttributes(root, { hidden: !isEmpty || sweeps.shown.get() !== null });
    sentence.textContent =
      running === null ? 'Choose a workload, or drop a file.' : `Running: ${progressText(running)}`;
    reason.textContent =
      running === null ? 'It stays on this machine.' : 'The map begins with its first sweep.';
    for (const each of [workload, file]) setAttributes(each, { hidden: running !== null });
  };
  for (const store of [session.running, session.recordings, sweeps.shown]) store.subscribe(show);
  show();
  return root;
}
