/** The keys that mean something on the whole page, unless one types into a field. */

const FIELDS = 'input, select, textarea, [contenteditable]';

/** Calls `help` for ?, and puts the cursor into the search of owners for a slash. */
export function listenToPageKeys(help: () => void): void {
  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (ctrlKey || metaKey || altKey) return;
    if (target instanceof Element && target.closest(FIELDS) !== null) return;
    if (key === '?') help();
    else if (key === '/') {
      const search = document.querySelector<HTMLInputElement>('.search');
      // The browser keeps the slash where there is no search.
      if (search === null || !search.checkVisibility()) return;
      search.focus();
    } else return;
    event.preventDefault();
  });
}
