import { formatCount } from '../../../src/base/index.js';
import type { Parameter, Workload } from '../../../workloads/index.js';
import { element } from '../../view/dom/element.js';
import { type Control, choiceOf, type Field, field } from './field.js';

/** Shows a control for each parameter that a workload declares; no parameter is known here. */
export class ParameterFields {
  readonly root = element('div', { class: 'parameters' });
  #workload: Workload | undefined;
  #fields = new Map<string, Field>();

  show(workload: Workload | undefined, given: Readonly<Record<string, string>>): void {
    this.#workload = workload;
    this.#fields = new Map();
    for (const [name, parameter] of Object.entries(workload?.parameters ?? {})) {
      this.#fields.set(name, fieldOf(name, parameter, given[name]));
    }
    this.root.replaceChildren(...[...this.#fields.values()].map(({ root }) => root));
  }

  /** Returns the values that differ from the defaults; undefined if one is out of range, with the fault shown. */
  read(): Readonly<Record<string, string>> | undefined {
    const given: Record<string, string> = {};
    let isValid = true;
    for (const [name, { control, blame }] of this.#fields) {
      const parameter = this.#workload?.parameters[name] as Parameter;
      const problem = problemOf(parameter, control.value);
      blame(problem);
      if (problem !== null) {
        if (isValid) control.focus();
        isValid = false;
      } else if (control.value !== `${parameter.default}`) given[name] = control.value;
    }
    return isValid ? given : undefined;
  }
}

function fieldOf(name: string, parameter: Parameter, given: string | undefined): Field {
  const value = given ?? `${parameter.default}`;
  const choices = parameter.range.includes(' | ') ? parameter.range.split(' | ') : undefined;
  const made = field(name, choices === undefined ? input(value) : choice(choices, value), explain(parameter));
  made.control.addEventListener('change', () => made.blame(problemOf(parameter, made.control.value)));
  return made;
}

function input(value: string): Control {
  const made = element('input', {
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  made.value = value;
  return made;
}

function choice(choices: readonly string[], value: string): Control {
  return choiceOf(
    choices.map((name) => ({ value: name, text: name })),
    value,
  );
}

function explain({ meaning, range }: Parameter): string {
  return range.includes(' | ') ? meaning : `${meaning} (${withSeparators(range)})`;
}

function withSeparators(range: string): string {
  return range.replace(/\d{5,}/g, (digits) => formatCount(Number(digits)));
}

function problemOf(parameter: Parameter, text: string): string | null {
  return parameter.parse(text.trim()) === undefined ? `must be: ${withSeparators(parameter.range)}` : null;
}
