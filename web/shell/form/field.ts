import { element, setAttributes, uniqueId } from '../../view/dom/element.js';

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export interface Field {
  readonly root: HTMLElement;
  readonly control: Control;
  /** Shows a fault of the value; null clears it. */
  blame(message: string | null): void;
}

/** Returns a labelled control with its explanation, and room for a fault. */
export function field(label: string, control: Control, explanation: string): Field {
  const id = uniqueId('field');
  const help = element('p', { class: 'help', id: `${id}-help` }, explanation);
  const error = element('p', { class: 'error', id: `${id}-error`, hidden: true });
  setAttributes(control, { id, 'aria-describedby': `${id}-help ${id}-error` });
  const root = element('div', { class: 'field' }, element('label', { for: id }, label), control, error, help);
  return {
    root,
    control,
    blame: (message) => {
      error.textContent = message ?? '';
      error.hidden = message === null;
      setAttributes(control, { 'aria-invalid': message === null ? false : 'true' });
    },
  };
}

export function choiceOf(
  choices: readonly { readonly value: string; readonly text: string }[],
  chosen: string,
): HTMLSelectElement {
  const select = element('select');
  for (const { value, text } of choices) select.append(element('option', { value }, text));
  select.value = chosen;
  return select;
}
