import type { Messages } from '../messages.js';
import type { Session } from '../session.js';
import type { Sweeps } from '../sweep/sweeps.js';
import { copyButton } from '../view/dom/copy-button.js';
import { button, element } from '../view/dom/element.js';
import { experimentText } from './experiment-text.js';
import { listenToPageKeys } from './page-keys.js';
import { progressLine } from './progress-line.js';
import { feedLine } from './run-bar.js';
import { themeButton } from './theme.js';

export interface HeaderParts {
  readonly session: Session;
  readonly sweeps: Sweeps;
  readonly messages: Messages;
  readonly intro: HTMLDetailsElement;
  readonly files: HTMLElement;
  readonly openControls: () => void;
  readonly openSweep: () => void;
}

/** Returns the head of the page: the name of the run, which opens its settings, and what concerns the whole page. */
export function header({
  session,
  sweeps,
  messages,
  intro,
  files,
  openControls,
  openSweep,
}: HeaderParts): HTMLElement {
  const share = copyButton('Copy link', () => location.href, {
    onRefused: () =>
      messages.note(
        `The browser does not let this page copy. The link is in the address bar: ${location.href}`,
      ),
  });
  const help = element('button', { type: 'button', class: 'quiet', 'aria-label': 'What is this?' }, '?');
  const explain = () => {
    intro.open = true;
    intro.scrollIntoView({ block: 'nearest' });
    intro.querySelector('summary')?.focus();
  };
  help.addEventListener('click', explain);
  listenToPageKeys(explain);
  const map = element('a', { class: 'skip', href: '#main' }, 'To the map');
  map.addEventListener('click', (event) => {
    // The address holds the view, so the link must not change it.
    event.preventDefault();
    document.querySelector<HTMLElement>('canvas.over')?.focus();
  });
  const compare = button('Compare…', openControls, { class: 'wide-only' });
  const sweep = button('Sweep…', openSweep, { class: 'wide-only' });
  const actions = element('div', { class: 'actions', id: 'actions' }, files, help, themeButton(), share);
  return element(
    'header',
    { class: 'top' },
    map,
    element('span', { class: 'logo' }, 'slablab'),
    runButton(session, sweeps, openControls),
    compare,
    sweep,
    progressLine(session),
    feedLine(session),
    moreButton(actions),
    actions,
  );
}

/** Windows up to this width have the actions in a menu. */
const NARROW = '(max-width: 45rem)';

function moreButton(actions: HTMLElement): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'quiet more', popovertarget: actions.id, 'aria-label': 'More' },
    '⋯',
  );
  const narrow = matchMedia(NARROW);
  const follow = () => {
    button.hidden = !narrow.matches;
    if (narrow.matches) actions.setAttribute('popover', 'auto');
    else actions.removeAttribute('popover');
  };
  narrow.addEventListener('change', follow);
  follow();
  return button;
}

function runButton(session: Session, sweeps: Sweeps, openControls: () => void): HTMLElement {
  const name = element('b');
  const conditions = element('span', { class: 'run-conditions' });
  const button = element(
    'button',
    { type: 'button', class: 'run-name', 'aria-haspopup': 'dialog' },
    name,
    conditions,
    element('span', { 'aria-hidden': true }, '▾'),
  );
  button.addEventListener('click', openControls);
  const show = () => {
    const text = experimentText(session, sweeps);
    name.textContent = text.name;
    conditions.textContent = text.conditions;
  };
  session.experiments.subscribe(show);
  session.recordings.subscribe(show);
  sweeps.shown.subscribe(show);
  show();
  return button;
}
