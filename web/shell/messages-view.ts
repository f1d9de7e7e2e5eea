import type { Messages } from '../messages.js';
import { element } from '../view/dom/element.js';

/** Returns the log of errors and notes. Each is read out on arrival and has a button to dismiss it. */
export function messagesView(messages: Messages): HTMLElement {
  const list = element('ul', { class: 'messages' });
  messages.all.subscribe((all) => {
    list.replaceChildren(
      ...all.map((message) => {
        const dismiss = element('button', { type: 'button', class: 'quiet', 'aria-label': 'Dismiss' }, '×');
        dismiss.addEventListener('click', () => messages.dismiss(message));
        const label = element('strong', {}, message.kind === 'error' ? 'Error' : 'Note');
        return element('li', { class: message.kind }, label, element('span', {}, message.text), dismiss);
      }),
    );
  });
  return element('div', { role: 'log', 'aria-label': 'Messages' }, list);
}
