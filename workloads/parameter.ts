import { InputError, unknownName } from '../src/base/index.js';
/** A parameter of a workload, as `--set name=value` gives it. */
export type Parameter<T extends number | string = number | string> = {
  readonly meaning: string;
  readonly default: T;
  /** The accepted values in words, for `slablab workloads` and errors. */
  readonly range: string;
  /** The value that `text` stands for, or undefined when it is not in the range. */
  readonly parse: (text: string) => T | undefined;
};

export type Parameters = Readonly<Record<string, Parameter>>;
export type ParameterValues = Readonly<Record<string, number | string>>;

/** The values that a table of parameters gives, by name: number or the choices. */
export type ValuesOf<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer T> ? T : never;
};

export function integer(byDefault: number, min: number, max: number, meaning: string): Parameter<number> {
  return {
    meaning,
    default: byDefault,
    range: `whole number, ${min} to ${max}`,
    parse: (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function share(byDefault: number, meaning: string): Parameter<number> {
  return {
    meaning,
    default: byDefault,
    range: 'number, 0 to 1',
    parse: (text) => {
      const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
      return value >= 0 && value <= 1 ? value : undefined;
    },
  };
}

/** Any number that is not below 0: the range that it has to be in is up to where it is used. */
export function number(byDefault: number, meaning: string): Parameter<number> {
  return {
    meaning,
    default: byDefault,
    range: 'number',
    parse: (text) => (/^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined),
  };
}

export function choice<const C extends string>(
  choices: readonly C[],
  byDefault: NoInfer<C>,
  meaning: string,
): Parameter<C> {
  return {
    meaning,
    default: byDefault,
    range: choices.join(' | '),
    parse: (text) => choices.find((known) => known === text),
  };
}

/** Defaults, with the settings (`name=value`) in their place. A name given twice is a mistake, not an override. */
export function parseSettings(parameters: Parameters, settings: readonly string[]): ParameterValues {
  const values: Record<string, number | string> = {};
  for (const [name, parameter] of Object.entries(parameters)) values[name] = parameter.default;
  const given = new Set<string>();
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1)
      throw new InputError(
        `--set ${setting}: write it as name=value, for example --set ${example(parameters)}`,
      );
    const name = setting.slice(0, equals);
    const text = setting.slice(equals + 1);
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) {
      throw unknownName('a parameter of this workload', name, Object.keys(parameters));
    }
    if (given.has(name)) throw new InputError(`--set ${setting}: \`${name}\` is set twice; keep one of them`);
    given.add(name);
    const value = parameter.parse(text);
    if (value === undefined) {
      throw new InputError(
        `--set ${setting}: \`${text}\` is out of range for \`${name}\` (${parameter.range})`,
      );
    }
    values[name] = value;
  }
  return values;
}

function example(parameters: Parameters): string {
  const [first] = Object.entries(parameters);
  return first === undefined ? '(this workload has no parameters)' : `${first[0]}=${first[1].default}`;
}
