import type { Messages } from '../messages.js';
import { button, element } from '../view/dom/element.js';

/** Returns the log of errors and notes. Each is read out on arrival and has a button to dismiss it. */
export function messagesView(messages: Messages): HTMLElement {
  const list = element('ul', { class: 'messages' });
  messages.all.subscribe((all) => {
    list.replaceChildren(
      ...all.map((message) => {
        const dismiss = button('×', () => messages.dismiss(message), {
          class: 'quiet',
          'aria-label': 'Dismiss',
        });
        const label = element('strong', {}, message.kind === 'error' ? 'Error' : 'Note');
        return element('li', { class: message.kind }, label, element('span', {}, message.text), dismiss);
      }),
    );
  });
  const root = element('div', { role: 'log', 'aria-label': 'Messages' }, list);
  // The first screen has the room that messages leave.
  new ResizeObserver(() => {
    document.body.style.setProperty(
      '--messages',
      `${list.childElementCount === 0 ? 0 : root.offsetHeight}px`,
    );
  }).observe(root);
  return root;
}
