import { element } from '../view/dom/element.js';

export interface Drawer {
  readonly root: HTMLDialogElement;
  open(): void;
  close(): void;
}

/** Returns a panel at the side of the page for the next experiment. Escape or a press beside it closes it. */
export function drawer(title: string, ...contents: HTMLElement[]): Drawer {
  const close = element('button', { type: 'button', class: 'quiet', 'aria-label': 'Close' }, '✕');
  const body = element('div', { class: 'drawer-body' }, ...contents);
  const root = element(
    'dialog',
    { class: 'drawer', 'aria-label': title },
    element('div', { class: 'drawer-head' }, element('h2', {}, title), close),
    body,
  );
  close.addEventListener('click', () => root.close());
  root.addEventListener('click', (event) => {
    // Only the backdrop is the dialog itself; all else is in its children.
    if (event.target === root) root.close();
  });
  return {
    root,
    open: () => {
      if (!root.open) root.showModal();
    },
    close: () => root.close(),
  };
}
