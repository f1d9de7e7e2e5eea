import { element } from './element.js';

const COPIED_MS = 2000;

/** Returns a button that copies a text, and says so for a while. `onRefused` says of a browser that it does not copy. */
export function copyButton(
  name: string,
  text: () => string,
  { onRefused, quiet = false }: { readonly onRefused?: () => void; readonly quiet?: boolean } = {},
): HTMLButtonElement {
  const button = element('button', { type: 'button', class: quiet ? 'quiet' : '' }, name);
  const say = (words: string) => {
    button.textContent = words;
    setTimeout(() => {
      button.textContent = name;
    }, COPIED_MS);
  };
  button.addEventListener('click', () => {
    navigator.clipboard
      .writeText(text())
      .then(() => say('Copied'))
      .catch(onRefused ?? (() => say('The browser does not let this page copy')));
  });
  return button;
}
