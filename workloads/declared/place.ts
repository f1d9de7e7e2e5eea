import { InputError, nearestName } from '../../src/trace/index.js';

/** A value of a JSON document and where it stands: what is wrong with it is said of its place, `phases[2].size`. */
export class Place {
  private constructor(
    private readonly document: string,
    private readonly path: string,
    readonly value: unknown,
    private readonly parameters: ReadonlyMap<string, number>,
  ) {}

  static root(document: string, value: unknown): Place {
    return new Place(document, '', value, new Map());
  }

  /** The same place, where `"$name"` stands for a parameter's value. */
  withParameters(parameters: ReadonlyMap<string, number>): Place {
    return new Place(this.document, this.path, this.value, parameters);
  }

  get isMissing(): boolean {
    return this.value === undefined;
  }

  refuse(problem: string): InputError {
    const what = this.path === '' ? 'the document' : this.path;
    return new InputError(`${this.document}: ${what}: ${problem}`);
  }

  /** Its fields, all of which must be known ones. */
  object(known: readonly string[]): (field: string) => Place {
    if (!isObject(this.value)) throw this.wrong('is not an object', 'give {…}');
    const { value } = this;
    for (const name of Object.keys(value)) {
      if (known.includes(name)) continue;
      const near = nearestName(name, known);
      const hint = near === undefined ? '' : `did you mean \`${near}\`? `;
      throw this.field(name).refuse(`there is no such field; ${hint}known: ${known.join(', ')}`);
    }
    return (name) => this.field(name);
  }

  /** Names that the document chooses itself, with their places. */
  entries(): [name: string, place: Place][] {
    if (!isObject(this.value)) throw this.wrong('is not an object', 'give {"name": …}');
    const names = Object.keys(this.value);
    if (names.length === 0) throw this.refuse('it is empty; give at least one');
    return names.map((name) => [name, this.field(name)]);
  }

  list(): Place[] {
    if (!Array.isArray(this.value)) throw this.wrong('is not a list', 'give […]');
    if (this.value.length === 0) throw this.refuse('it is empty; give at least one');
    return this.value.map((value, index) => this.at(`${this.path}[${index}]`, value));
  }

  /** A number, or a parameter that is one. */
  number(min: number, max: number, isWhole = true): number {
    const { value } = this;
    const number =
      typeof value === 'string' && value.startsWith('$') ? this.parameter(value.slice(1)) : value;
    const isNumber = typeof number === 'number' && (!isWhole || Number.isInteger(number));
    if (isNumber && number >= min && number <= max) return number;
    const range = `${isWhole ? 'whole number' : 'number'}, ${min} to ${max}`;
    throw this.wrong('is out of range', `give a number (${range}), or "$parameter"`);
  }

  text(): string {
    if (typeof this.value === 'string' && this.value !== '') return this.value;
    throw this.wrong('is not a text', 'give "…"');
  }

  boolean(): boolean {
    if (typeof this.value === 'boolean') return this.value;
    throw this.wrong('is neither true nor false', 'give one of them');
  }

  oneOf<const C extends string>(choices: readonly C[]): C {
    const found = choices.find((known) => known === this.value);
    if (found !== undefined) return found;
    const near = typeof this.value === 'string' ? nearestName(this.value, choices) : undefined;
    const hint = near === undefined ? '' : `did you mean \`${near}\`? `;
    throw this.wrong('is none of its choices', `${hint}known: ${choices.join(', ')}`);
  }

  private wrong(what: string, remedy: string): InputError {
    if (this.value === undefined) return this.refuse(`it is missing; ${remedy}`);
    const text = JSON.stringify(this.value);
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    return this.refuse(`\`${shown}\` ${what}; ${remedy}`);
  }

  private parameter(name: string): number {
    const value = this.parameters.get(name);
    if (value !== undefined) return value;
    const known = [...this.parameters.keys()];
    const near = nearestName(name, known);
    const hint = near === undefined ? '' : `did you mean \`$${near}\`? `;
    throw this.refuse(`there is no parameter \`${name}\`; ${hint}known: ${known.join(', ') || '(none)'}`);
  }

  private field(name: string): Place {
    const path = this.path === '' ? name : `${this.path}.${name}`;
    const value = isObject(this.value) && Object.hasOwn(this.value, name) ? this.value[name] : undefined;
    return this.at(path, value);
  }

  private at(path: string, value: unknown): Place {
    return new Place(this.document, path, value, this.parameters);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
