/** On a phone: a bar at the foot of the page, whose buttons open what pins memory and what frees it as sheets. */
import { sheetGrip } from '../detail/sheet-grip.js';
import { button, element } from '../dom/element.js';

export interface PhoneSheets {
  readonly bar: HTMLElement;
  close(): void;
}

/** Makes sheets of sections, by the names of their buttons. `changeRun` is null where nothing can be run. */
export function phoneSheets(
  sections: Readonly<Record<string, HTMLElement>>,
  changeRun: (() => void) | null,
): PhoneSheets {
  const sheets = Object.entries(sections).map(([name, section]) => {
    const button = element('button', { type: 'button', 'aria-expanded': 'false' }, name);
    section.classList.add('sheet');
    section.prepend(sheetGrip(section));
    button.addEventListener('click', () => open(section.classList.contains('is-open') ? null : section));
    section.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return;
      open(null);
      button.focus();
    });
    return { section, button };
  });
  function open(wanted: HTMLElement | null): void {
    for (const { section, button } of sheets) {
      section.classList.toggle('is-open', section === wanted);
      button.setAttribute('aria-expanded', String(section === wanted));
    }
  }
  const bar = element(
    'nav',
    { class: 'phone-bar', 'aria-label': 'Sheets' },
    ...sheets.map(({ button }) => button),
  );
  if (changeRun !== null) {
    const change = button('Change run', changeRun);
    bar.append(change);
  }
  return { bar, close: () => open(null) };
}
