import type { Workload } from '../../../workloads/index.js';
import { InputError, unknownName } from '../../base/index.js';
import { CONF_OPTIONS, KNOWN_BUILDS, plainConf } from '../../engine/index.js';
import { CLUSTER, parseSetting, SETTING_NAMES } from '../../model/index.js';
import { type Subject, serverVersion } from '../../run/index.js';

/** The part of a cell that the values of an axis set. */
type AxisKind = 'conf' | 'build' | 'server' | 'parameter' | 'option' | 'setting' | 'seed';

export interface Axis {
  readonly name: string;
  readonly kind: AxisKind;
  /** The values as given: at least one, all different. */
  readonly values: readonly string[];
}

/** Determines which axes exist. */
export interface AxisContext {
  readonly subject: Subject;
  /** The workload, where the subject is one. */
  readonly workload: Workload | undefined;
}

/**
 * Parses and checks texts of the form `name=v1,v2,…`, one for each --axis. A configuration string contains commas, so
 * `conf=…` is a single value. Repeating an axis adds values.
 */
export function parseAxes(texts: readonly string[], context: AxisContext): Axis[] {
  const axes = new Map<string, { kind: AxisKind; values: string[] }>();
  for (const text of texts) {
    const { name, kind, values } = parseAxis(text, context);
    const axis = axes.get(name) ?? { kind, values: [] };
    axes.set(name, axis);
    for (const value of values) {
      if (axis.values.includes(value)) {
        throw new InputError(`--axis ${text}: \`${value}\` is given twice; keep one of them`);
      }
      axis.values.push(value);
    }
  }
  return [...axes].map(([name, axis]) => ({ name, ...axis }));
}

function parseAxis(text: string, context: AxisContext): Axis {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw new InputError(
      `--axis ${text}: write it as name=value,value,…, for example --axis dirty_decay_ms=0,10000`,
    );
  }
  const name = text.slice(0, equals);
  const kind = kindOf(name, context);
  const rest = text.slice(equals + 1);
  // The empty string is a configuration: all defaults. Its other values are for jemalloc to judge.
  if (kind === 'conf') return { name, kind, values: [plainConf(rest)] };
  const values = rest.split(',');
  for (const value of values) {
    if (value === '') {
      throw new InputError(`--axis ${text}: a value is missing; write it as ${name}=value,value,…`);
    }
    checkValue({ name, kind }, value, context);
  }
  return { name, kind, values };
}

function kindOf(name: string, context: AxisContext): AxisKind {
  const names = namesIn(context);
  const kind = names.get(name);
  if (kind !== undefined) return kind;
  const elsewhere = kindsElsewhere(name, context);
  if (elsewhere !== undefined) throw elsewhere;
  throw unknownName('an axis of this sweep', name, [...names.keys()]);
}

/** Returns the axes by name. A parameter of a workload shadows a setting of the same name, which it would overwrite. */
function namesIn({ subject, workload }: AxisContext): Map<string, AxisKind> {
  const names = new Map<string, AxisKind>();
  const add = (kind: AxisKind, all: Iterable<string>) => {
    for (const name of all) if (!names.has(name)) names.set(name, kind);
  };
  add('conf', ['conf']);
  add('build', ['build']);
  if (workload !== undefined) add('parameter', Object.keys(workload.parameters));
  add('option', CONF_OPTIONS);
  if (subject.kind !== 'ops') {
    add('server', ['server']);
    add('setting', SETTING_NAMES);
  }
  if (subject.kind === 'commands') {
    add('setting', [CLUSTER]);
    add('seed', ['seed']);
  }
  return names;
}

/** A name that would be right for another subject is no slip of the finger. */
function kindsElsewhere(name: string, { subject }: AxisContext): InputError | undefined {
  if (subject.kind !== 'ops' || (name !== 'server' && !SETTING_NAMES.has(name))) return undefined;
  return new InputError(
    `--axis ${name} with ${subject.path}: a saved stream is replayed as it is; sweep the workload or the file of ` +
      'commands that it was made of',
  );
}

function checkValue({ name, kind }: Pick<Axis, 'name' | 'kind'>, value: string, context: AxisContext): void {
  switch (kind) {
    case 'build':
      if (!KNOWN_BUILDS.some((known) => known === value)) throw unknownName('a build', value, KNOWN_BUILDS);
      return;
    case 'server':
      serverVersion(value);
      return;
    case 'parameter':
      checkParameter(name, value, context);
      return;
    case 'setting':
      // A value that some versions alone take is an error of the cells of the others.
      parseSetting(`${name}=${value}`, `--axis ${name}`);
      return;
    case 'seed':
      if (/^\d{1,10}$/.test(value) && Number(value) <= 0xffffffff) return;
      throw new InputError(`--axis seed: \`${value}\` must be a whole number, 0 to 4294967295`);
    case 'conf':
    case 'option':
  }
}

function checkParameter(name: string, value: string, { workload }: AxisContext): void {
  const parameter = workload?.parameters[name];
  if (parameter === undefined || parameter.parse(value) !== undefined) return;
  const choices = parameter.range.split(' | ');
  if (choices.length > 1) throw unknownName(`a value of \`${name}\``, value, choices);
  throw new InputError(`--axis ${name}: \`${value}\` is out of range (${parameter.range})`);
}
