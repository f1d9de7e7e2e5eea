import { formatCount } from '../../src/base/index.js';
import { commandLine, type Experiment } from '../experiment.js';
import type { Running, Session, Side } from '../session.js';
import { element, setAttributes } from '../view/dom/element.js';

/** Returns the bar of runs: a line for each side, and the progress of the current run. */
export function runBar(session: Session): HTMLElement {
  const lines = element('ol', { class: 'runs', 'aria-label': 'Runs shown' });
  const progress = progressLine(session);
  const show = () => {
    const all = session.experiments.get();
    lines.replaceChildren(...all.map((experiment, at) => runLine(session, experiment, at as Side)));
  };
  session.experiments.subscribe(show);
  session.recordings.subscribe((now, before) => {
    if (now.length !== before.length) show();
  });
  return element('section', { class: 'run-bar', 'aria-label': 'Runs' }, lines, progress, feedLine(session));
}

function runLine(session: Session, experiment: Experiment | null, side: Side): HTMLElement {
  const shown = session.recordings.get()[side];
  const what = experiment === null ? (shown?.title ?? '') : commandLine(experiment);
  const line = element('li', {}, element('code', {}, what));
  if (experiment !== null) {
    const copy = element(
      'button',
      { type: 'button', class: 'quiet', title: 'Copy the same run as a command' },
      'Copy command',
    );
    copy.addEventListener('click', () => {
      navigator.clipboard.writeText(what).then(
        () => copy.replaceChildren('Copied'),
        () => session.messages.note(`The browser does not let this page copy: ${what}`),
      );
    });
    line.append(copy);
  }
  if (session.experiments.get().length > 1) {
    const close = element('button', { type: 'button', class: 'quiet', 'aria-label': `Close ${what}` }, '×');
    close.addEventListener('click', () => session.close(side));
    line.append(close);
  }
  return line;
}

function progressLine(session: Session): HTMLElement {
  const bar = element('progress', { max: 1, 'aria-label': 'Progress of the run' });
  const text = element('span', { class: 'progress-text' });
  const cancel = element('button', { type: 'button' }, 'Cancel');
  cancel.addEventListener('click', () => session.cancel());
  const announced = element('span', { class: 'for-readers', role: 'status' });
  const row = element('div', { class: 'progress', hidden: true }, bar, text, cancel);
  session.running.subscribe((running, before) => {
    setAttributes(row, { hidden: running === null });
    if (running === null)
      announced.textContent = before === null ? '' : `${before.experiment.subject.name}: the run has ended`;
    else {
      if (before === null) announced.textContent = `${running.experiment.subject.name} is running`;
      setAttributes(bar, { value: running.share ?? false });
      text.textContent = progressText(running);
    }
  });
  return element('div', {}, row, announced);
}

/** Returns the line for a recording from the page's host: whether more of it will follow. */
function feedLine(session: Session): HTMLElement {
  const text = element('p', { class: 'progress-text', hidden: true });
  const announced = element('span', { class: 'for-readers', role: 'status' });
  session.recordings.subscribe(([shown]) => {
    const name = session.opened.get();
    setAttributes(text, { hidden: name === null });
    if (name === null || shown?.title !== name) return;
    const { isGrowing, recording } = shown;
    const sweeps = `${formatCount(recording.frames.length)} sweeps`;
    const end = recording.result === null ? 'broken off' : 'the run has ended';
    text.textContent = `${name}: ${isGrowing ? `live, ${sweeps} so far` : `${sweeps}; ${end}`}`;
    announced.textContent = isGrowing ? '' : `${name}: ${end}`;
  });
  return element('div', {}, text, announced);
}

/** An earlier estimate of the time left is too unsteady to show. */
const GUESS_AFTER_MS = 500;

function progressText({ share, operations, startedMs, experiment }: Running): string {
  const done = operations === 0 ? 'starting' : `${formatCount(operations)} operations`;
  const percent = share === null ? '' : ` · ${Math.floor(share * 100)}%`;
  const elapsedMs = performance.now() - startedMs;
  const isGuess = share !== null && share > 0.02 && elapsedMs > GUESS_AFTER_MS;
  const left = isGuess ? ` · ${Math.ceil((elapsedMs / share - elapsedMs) / 1000)} s left` : '';
  return `${experiment.subject.name}: ${done}${percent}${left}`;
}
