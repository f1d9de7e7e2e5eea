/** The answer above a map: a sentence, its reason, and the resident memory as a bar whose parts are filters. */
import { formatBytes } from '../../../src/base/index.js';
import type { Answer } from '../../../src/report/index.js';
import type { View } from '../../state.js';
import { element } from '../dom/element.js';
import type { Moment } from '../moment.js';
import { PARTS, type Part } from './parts.js';

export interface VerdictHandle {
  readonly root: HTMLElement;
  /** The bar and its legend, which filter the map. */
  readonly filters: readonly HTMLElement[];
  /** Shows a moment, which may be one of several. Bars with the same `whole`, in bytes, have one scale. */
  show(moment: Moment, whole: number, all?: readonly Moment[]): void;
  /** Says how far a run is in the place of the answer, which follows `lead` as the reason; null says the answer again. */
  running(progress: { readonly text: string; readonly lead: string } | null): void;
}

export function verdict(view: View, name: string): VerdictHandle {
  const sentence = element('h1', { class: 'sentence', 'aria-live': 'polite' });
  const reason = element('p', { class: 'reason' });
  const bar = element('div', { class: 'strip', 'aria-hidden': true });
  const legend = PARTS.map((part) => entry(part, view));
  const sum = element('b');
  const total = element(
    'li',
    { class: 'total' },
    element('span', { class: 'part-name' }, 'Resident ', sum),
    element('span', { class: 'part-reason' }, 'the sum'),
  );
  const list = element('ul', { class: 'parts', 'aria-label': 'Resident memory' });
  list.append(...legend.map(({ root }) => root), total);
  const root = element(
    'section',
    { class: 'verdict', 'aria-label': name },
    element('div', { class: 'said' }, sentence, reason),
    bar,
    list,
  );
  let said = '';
  let last: Answer | null = null;
  let progress: Parameters<VerdictHandle['running']>[0] = null;

  function say(): void {
    const key = JSON.stringify([last, progress]);
    if (last === null || key === said) return;
    said = key;
    // Readers of screens hear the answer, and not each step towards it.
    sentence.setAttribute('aria-live', progress === null ? 'polite' : 'off');
    const plain = last.sentence.map(({ text }) => text).join('');
    reason.textContent = progress === null ? last.reason : `${progress.lead} ${plain}`;
    reason.title = reason.textContent;
    const pieces = progress === null ? last.sentence : [{ text: progress.text, tone: 'plain' }];
    sentence.replaceChildren(
      ...pieces.map(({ text, tone }) =>
        tone === 'plain' ? text : element('em', { class: `tone-${tone}` }, text),
      ),
    );
  }

  return {
    root,
    filters: [bar, list],
    running(now) {
      progress = now;
      say();
    },
    show(moment, whole, all = [moment]) {
      const { parts, peak, answer } = moment;
      last = answer;
      say();
      const bytes = PARTS.map((part) => part.bytes(parts, peak));
      const amounts: Readonly<Record<string, string>> = { ...answer.amounts };
      const texts = PARTS.map(({ key }, index) => amounts[key] ?? formatBytes(bytes[index]!));
      bar.replaceChildren(
        ...PARTS.flatMap((part, index) =>
          bytes[index] === 0 ? [] : [piece(part, bytes[index]!, texts[index]!)],
        ),
        ...(whole > peak ? [element('i', { class: 'strip-rest', style: `flex-grow:${whole - peak}` })] : []),
      );
      const { states } = view.get();
      legend.forEach(({ show }, index) => {
        const { states: its, reason: why } = PARTS[index]!;
        show(
          texts[index]!,
          all.some((each) => PARTS[index]!.bytes(each.parts, each.peak) > 0),
          why(parts),
          its.every((state) => states.includes(state)),
        );
      });
      sum.textContent = formatBytes(parts.resident);
    },
  };
}

function piece({ key, name }: Part, bytes: number, text: string): HTMLElement {
  return element(
    'div',
    { class: `strip-part fill-${key}`, style: `flex-grow:${bytes}`, title: `${name} ${text}` },
    element('span', { class: 'strip-label' }, element('b', { class: 'strip-name' }, `${name} `), text),
  );
}

function entry(part: Part, view: View) {
  const amount = element('b');
  const why = element('span', { class: 'part-reason' });
  const button = element(
    'button',
    { type: 'button', class: 'part' },
    element('i', { class: `swatch-box fill-${part.key}` }),
    element('span', { class: 'part-name' }, `${part.name} `, amount),
    why,
  );
  button.addEventListener('click', () => {
    const { states } = view.get();
    const isOn = part.states.every((state) => states.includes(state));
    const others = states.filter((state) => !part.states.includes(state));
    view.change({ states: isOn ? others : [...others, ...part.states] });
  });
  return {
    root: element('li', {}, button),
    show(text: string, isAnywhere: boolean, reason: string, isOn: boolean): void {
      amount.textContent = text;
      why.textContent = reason;
      // A chosen part without bytes stays a button: it is the way back to the whole map.
      button.disabled = !isAnywhere && !isOn;
      button.setAttribute('aria-pressed', String(isOn));
    },
  };
}
