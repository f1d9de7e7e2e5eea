import type { Ground } from '../../src/map/index.js';
/** Returns the ground of the page, dark or light: the chosen theme, else the system's. */
export function groundOf(within: Element): Ground {
  const { theme } = document.documentElement.dataset;
  if (theme === 'dark' || theme === 'light') return theme;
  const isDark =
    within.ownerDocument.defaultView?.matchMedia('(prefers-color-scheme: dark)').matches ?? false;
  return isDark ? 'dark' : 'light';
}

/** Calls the listener at each change of the ground; returns the function that ends this. */
export function onGroundChange(listener: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', listener);
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    scheme.removeEventListener('change', listener);
    observer.disconnect();
  };
}
