/** The part of the form that varies an experiment: axes, one a line, and the presets that fill them. */
import { PRESETS } from '../../../src/sweep/index.js';
import { presetLines } from '../../sweep/plan.js';
import { button, element } from '../../view/dom/element.js';
import { choiceOf, field } from './field.js';

export interface SweepFields {
  readonly root: HTMLElement;
  /** Returns the lines of the axes. */
  read(): readonly string[];
  show(lines: readonly string[]): void;
  /** Opens the fields, and puts the cursor into the axes. */
  unfold(): void;
  /** Shows a fault of the axes; null clears it. */
  blame(message: string | null): void;
}

/** Returns the fields. `needRest` is called with the rest that a chosen preset needs. */
export function sweepFields(start: () => void, needRest: (ms: number) => void): SweepFields {
  const control = element('textarea', {
    rows: 3,
    spellcheck: 'false',
    placeholder: 'order=odd,random,sequential\ndirty_decay_ms=0,1000,10000,-1',
  });
  const axes = field(
    'Axes',
    control,
    'name=value,value, one a line: parameters, options of jemalloc, build, server, conf',
  );
  const preset = field(
    'Preset',
    choiceOf([{ value: '', text: 'none' }, ...PRESETS.map(({ name }) => ({ value: name, text: name }))], ''),
    'fills the axes',
  );
  preset.control.addEventListener('change', () => {
    const name = preset.control.value;
    if (name === '') return;
    const { lines, restMs } = presetLines(name);
    control.value = lines.join('\n');
    if (restMs > 0) needRest(restMs);
  });
  const run = button('Sweep', start);
  const root = element(
    'details',
    { class: 'more sweep' },
    element('summary', {}, 'Sweep: vary it'),
    axes.root,
    preset.root,
    element('div', { class: 'actions' }, run),
  );
  return {
    root,
    read: () =>
      control.value
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    show: (lines) => {
      control.value = lines.join('\n');
      if (lines.length > 0) root.open = true;
    },
    unfold: () => {
      root.open = true;
      root.scrollIntoView({ block: 'center' });
      control.focus();
    },
    blame: axes.blame,
  };
}
