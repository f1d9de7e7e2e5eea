import type { Messages } from '../messages.js';
import { element } from '../view/dom/element.js';
import { themeButton } from './theme.js';

/** Returns the head of the page: its name, and the actions that concern the whole page. */
export function header(messages: Messages, intro: HTMLDetailsElement): HTMLElement {
  const share = element('button', { type: 'button' }, 'Copy link');
  share.addEventListener('click', () => void copyLink(share, messages));
  const help = element('button', { type: 'button', class: 'quiet' }, 'What is this?');
  help.addEventListener('click', () => {
    intro.open = true;
    intro.scrollIntoView({ block: 'nearest' });
    intro.querySelector('summary')?.focus();
  });
  return element(
    'header',
    { class: 'top' },
    element('h1', {}, 'slablab'),
    element('p', { class: 'tagline' }, 'Which memory comes back, which does not, and what pins it'),
    element('div', { class: 'actions' }, help, themeButton(), share),
  );
}

const COPIED_MS = 2000;

async function copyLink(button: HTMLButtonElement, messages: Messages): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    const text = 'Copy link';
    button.textContent = 'Link copied';
    setTimeout(() => {
      button.textContent = text;
    }, COPIED_MS);
  } catch {
    messages.note(
      `The browser does not let this page copy. The link is in the address bar: ${location.href}`,
    );
  }
}
