import { formatCount } from '../../src/base/index.js';
import { commandLine, type Experiment } from '../experiment.js';
import type { Session, Side } from '../session.js';
import { copyButton } from '../view/dom/copy-button.js';
import { element, setAttributes } from '../view/dom/element.js';

/** Returns the runs that are shown, a line for each side. */
export function runBar(session: Session): HTMLElement {
  const lines = element('ol', { class: 'runs', 'aria-label': 'Runs shown' });
  const show = () => {
    const all = session.experiments.get();
    lines.replaceChildren(...all.map((experiment, at) => runLine(session, experiment, at as Side)));
  };
  session.experiments.subscribe(show);
  session.recordings.subscribe((now, before) => {
    // Each line has the name of what its side shows.
    const titles = [now, before].map((all) => all.map(({ title }) => title).join('\n'));
    if (titles[0] !== titles[1]) show();
  });
  return element('section', { class: 'run-bar', 'aria-label': 'Runs' }, lines);
}

function runLine(session: Session, experiment: Experiment | null, side: Side): HTMLElement {
  const shown = session.recordings.get()[side];
  const what = experiment === null ? (shown?.title ?? '') : commandLine(experiment);
  // A line ends between words, and not after a hyphen in one.
  const words = what.split(' ').flatMap((word) => [element('span', { class: 'word' }, word), ' ']);
  const line = element('li', {}, element('code', {}, ...words));
  if (experiment !== null) {
    const copy = copyButton('Copy command', () => what, {
      quiet: true,
      onRefused: () => session.messages.note(`The browser does not let this page copy: ${what}`),
    });
    copy.title = 'Copy the same run as a command';
    line.append(copy);
  }
  if (session.experiments.get().length > 1) {
    const close = element('button', { type: 'button', class: 'quiet', 'aria-label': `Close ${what}` }, '×');
    close.addEventListener('click', () => session.close(side));
    line.append(close);
  }
  return line;
}

/** Returns the line for a recording from the page's host: whether more of it will follow. */
export function feedLine(session: Session): HTMLElement {
  const text = element('p', { class: 'progress-text feed', hidden: true });
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
