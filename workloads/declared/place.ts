import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { hintOf, InputError, nearestName } from '../../src/base/index.js';
import { type JsonDocument, lineAt, readJson } from './json-document.js';

/** A value of a JSON document and its place. Errors of the value name the place, like `line 9: phases[2].size`. */
export class Place {
  private constructor(
    private readonly document: JsonDocument,
    private readonly path: string,
    readonly value: unknown,
    /** The place at which a missing value is expected. */
    private readonly node: Node,
    private readonly parameters: ReadonlyMap<string, number>,
  ) {}

  /** `name` is the document's in messages. */
  static root(name: string, text: string): Place {
    const document = readJson(name, text);
    return new Place(document, '', document.value, document.root, new Map());
  }

  /** The same place, where `"$name"` stands for a parameter's value. */
  withParameters(parameters: ReadonlyMap<string, number>): Place {
    return new Place(this.document, this.path, this.value, this.node, parameters);
  }

  get isMissing(): boolean {
    return this.value === undefined;
  }

  refuse(problem: string): InputError {
    const what = this.path === '' ? 'the document' : this.path;
    const line = lineAt(this.document.text, this.node.offset);
    return new InputError(`${this.document.name}: line ${line}: ${what}: ${problem}`);
  }

  /** Its fields, all of which must be known ones. */
  object(known: readonly string[]): (field: string) => Place {
    if (!isObject(this.value)) throw this.wrong('is not an object', 'give {…}');
    const { value } = this;
    for (const name of Object.keys(value)) {
      if (known.includes(name)) continue;
      const hint = hintOf(nearestName(name, known), known);
      throw this.field(name).refuse(`there is no such field; ${hint}`);
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
    return this.value.map((value, index) => this.at(`${this.path}[${index}]`, value, index));
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
    throw this.wrong('is none of its choices', hintOf(near, choices));
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
    return this.at(path, value, name);
  }

  private at(path: string, value: unknown, step: string | number): Place {
    const node = findNodeAtLocation(this.node, [step]) ?? this.node;
    return new Place(this.document, path, value, node, this.parameters);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
