import { element } from '../view/dom/element.js';

/** Returns the foot of the page, which leads to the licences of the work of others in it. */
export function licences(content: HTMLElement): HTMLElement {
  return element('footer', { class: 'licences' }, content);
}
