/** The theme of the page, dark or light: the system's, until the reader chooses one. */
import { element } from '../view/dom/element.js';

const KEY = 'slablab-theme';

export function themeButton(): HTMLButtonElement {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const button = element('button', { type: 'button', class: 'quiet' });
  let chosen = remembered();
  const isDark = () => (chosen ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const apply = () => {
    if (chosen !== null) document.documentElement.dataset.theme = chosen;
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
    document.dispatchEvent(new Event('slablab:theme'));
  };
  button.addEventListener('click', () => {
    chosen = isDark() ? 'light' : 'dark';
    remember(chosen);
    apply();
  });
  system.addEventListener('change', apply);
  apply();
  return button;
}

// A browser may refuse to store anything, by its user's choice.
function remembered(): 'dark' | 'light' | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return null;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // The choice holds until the page is closed.
  }
}
