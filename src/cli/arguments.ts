/**
 * Options with values, and the parsers of those values. A parser returns the value, or throws an error that names the
 * option, the value and the remedy.
 */
import { Option } from 'commander';
import { InputError, unknownName } from '../base/index.js';

const SIZE_UNITS = [
  ['gb', 1024 ** 3],
  ['mb', 1024 ** 2],
  ['kb', 1024],
  ['', 1],
] as const;

const MIN_SIZE = 1024;

/** Collects the values of an option that can be repeated. */
export function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Returns an option whose value is one of `choices`, which its description lists. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, `${description}: ${choices.join(' | ')}`);
  // Completion reads the choices; the errors are those of this parser.
  option.argChoices = [...choices];
  return option.argParser(oneOf(nameIn(flags), choices));
}

function oneOf(option: string, choices: readonly string[]): (value: string) => string {
  return (value) => {
    if (choices.includes(value)) return value;
    throw unknownName(`a value of ${option}`, value, choices);
  };
}

/** Parses a whole number. */
export function integer(
  option: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): (value: string) => number {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InputError(`${option} ${value}: must be a whole number ${range}`);
  };
}

/** Parses a positive number of seconds, with or without a fraction. */
export function seconds(option: string): (value: string) => number {
  return (value) => {
    const number = /^\d{1,6}(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (number > 0) return number;
    throw new InputError(`${option} ${value}: must be a number of seconds above 0`);
  };
}

/** Returns an option whose value is a percentage, which is written with its sign: 1 could mean one percent or all. */
export function percentOption(flags: string, description: string, byDefault: number): Option {
  const option = nameIn(flags);
  return new Option(flags, description)
    .argParser((value) => {
      const number = /^(\d{1,3}(?:\.\d+)?)%$/.exec(value)?.[1];
      if (number !== undefined) return Number(number) / 100;
      throw new InputError(`${option} ${value}: write a percentage with its sign, for example 0.5%`);
    })
    .default(byDefault, `${byDefault * 100}%`);
}

/** Returns an option whose value is a size in bytes. It is written as Redis writes sizes (64kb), or as reports do (64 KiB). */
export function sizeOption(flags: string, description: string, byDefault: number): Option {
  const option = nameIn(flags);
  return new Option(flags, description)
    .argParser((value) => {
      const [, digits = '', suffix = ''] = /^(\d{1,9}) ?(|[kmg]i?b)$/i.exec(value) ?? [];
      const [, unit] = SIZE_UNITS.find(([name]) => name === suffix.toLowerCase().replace('i', '')) ?? ['', 1];
      const bytes = Number(digits) * unit;
      if (digits !== '' && bytes >= MIN_SIZE) return bytes;
      throw new InputError(`${option} ${value}: write a size of at least 1kb, for example 64mb`);
    })
    .default(byDefault, sizeText(byDefault));
}

/** Returns a size in the form that a size option accepts, in the largest unit that divides it. */
function sizeText(bytes: number): string {
  const [name, unit] = SIZE_UNITS.find(([, size]) => bytes % size === 0) ?? ['', 1];
  return `${bytes / unit}${name}`;
}

/** `--port <number>` → `--port` */
function nameIn(flags: string): string {
  return flags.split(' ', 1)[0] ?? flags;
}
