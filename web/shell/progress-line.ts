import { progressText } from '../progress-text.js';
import type { Running, Session } from '../session.js';
import { button, element, setAttributes } from '../view/dom/element.js';

/** Returns the progress of the current run, with a button to cancel it. */
export function progressLine(session: Session): HTMLElement {
  const bar = element('progress', { max: 1, 'aria-label': 'Progress of the run' });
  const text = element('span', { class: 'progress-text' });
  const cancel = button('Cancel', () => session.cancel());
  const announced = element('span', { class: 'for-readers', role: 'status' });
  const row = element('div', { class: 'progress', hidden: true }, bar, text, cancel);
  session.running.subscribe((running, before) => {
    setAttributes(row, { hidden: running === null });
    if (running === null)
      announced.textContent = before === null ? '' : `${before.experiment.subject.name}: the run has ended`;
    else {
      if (before === null) announced.textContent = `${running.experiment.subject.name} is running`;
      setAttributes(bar, { value: running.share ?? false });
      text.textContent = `${running.experiment.subject.name}: ${progressText(running)}${timeLeft(running)}`;
    }
  });
  return element('div', { class: 'progress-root' }, row, announced);
}

/** An earlier estimate of the time left is too unsteady to show. */
const GUESS_AFTER_MS = 500;

function timeLeft({ share, startedMs }: Running): string {
  const elapsedMs = performance.now() - startedMs;
  const isGuess = share !== null && share > 0.02 && elapsedMs > GUESS_AFTER_MS;
  return isGuess ? ` · ${Math.ceil((elapsedMs / share - elapsedMs) / 1000)} s left` : '';
}
