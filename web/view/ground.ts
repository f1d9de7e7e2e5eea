import type { Ground } from '../../src/map/index.js';
/** Whether the page is dark or light: what was chosen for it, else what the system says. */
export function groundOf(within: Element): Ground {
  const { theme } = document.documentElement.dataset;
  if (theme === 'dark' || theme === 'light') return theme;
  const isDark =
    within.ownerDocument.defaultView?.matchMedia('(prefers-color-scheme: dark)').matches ?? false;
  return isDark ? 'dark' : 'light';
}

/** Gives what ends it. */
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
