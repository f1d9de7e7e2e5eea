/** Reads an entry of a suite: a workload by name, or a file by its path relative to the suite. */
import { dirname, resolve } from 'node:path';
import {
  findWorkload,
  type Place,
  parseSettings,
  WORKLOADS,
  type Workload,
} from '../../../workloads/index.js';
import { InputError, utf8AsLatin1 } from '../../base/index.js';
import { DEFAULT_SERVER, parseSetting } from '../../model/index.js';
import type { AccountsOptions } from '../../run/index.js';
import { openStream, opsSubject, type StreamPlan, type Subject, workloadNamed } from '../../run/node.js';
import { isOpsFile } from '../../stream/node.js';

export interface SuiteWorkload {
  readonly runs: string;
  readonly subject: Subject;
  readonly workload: Workload | undefined;
  /** Parameters of a workload, as `name=value`. */
  readonly parameters: readonly string[];
  /** Settings of the server that executes a file of commands. */
  readonly settings: StreamPlan['settings'];
  readonly restMs?: number;
  /** The accounts of each phase, if any are kept. */
  readonly accounts?: AccountsOptions | undefined;
  /** Names of the configurations to run with. */
  readonly configurations: readonly string[];
  readonly place: Place;
}

/** One day; each step of a rest is replayed. */
const MAX_REST_MS = 86_400_000;

export async function readSuiteWorkload(
  suite: string,
  place: Place,
  configurations: readonly string[],
): Promise<SuiteWorkload> {
  const field = place.object(['run', 'set', 'restMs', 'types', 'owners', 'configurations']);
  const runs = field('run').text();
  const subject = await subjectOf(suite, runs, field('run'));
  const workload =
    subject.kind === 'workload' ? refusing(field('run'), () => workloadNamed(subject.name)) : undefined;
  const sets = field('set').isMissing ? [] : readSet(field('set'), workload);
  if (sets.length > 0 && subject.kind === 'ops') {
    throw field('set').refuse('a saved stream is replayed as it is; leave it out');
  }
  const settings = workload === undefined ? sets.map(([name, value]) => [name.toLowerCase(), value]) : [];
  const read: SuiteWorkload = {
    runs,
    subject,
    workload,
    parameters: workload === undefined ? [] : sets.map((pair) => pair.join('=')),
    settings: Object.fromEntries(settings),
    ...(field('restMs').isMissing ? {} : { restMs: field('restMs').number(1, MAX_REST_MS) }),
    accounts: readAccounts(field('types'), field('owners'), subject, workload),
    configurations: field('configurations').isMissing
      ? configurations
      : readNames(field('configurations'), configurations),
    place,
  };
  if (workload === undefined) await tryOpening(field('run'), subject);
  return read;
}

/** Reads `types`: true, and `owners`: true or a list of key patterns. */
function readAccounts(
  types: Place,
  owners: Place,
  subject: Subject,
  workload: Workload | undefined,
): AccountsOptions | undefined {
  const isAsked = (place: Place) => {
    if (place.isMissing) return false;
    if (typeof place.value !== 'boolean') throw place.refuse('give true or false');
    return place.value;
  };
  const hasPatterns = !owners.isMissing && Array.isArray(owners.value);
  const hasOwners = hasPatterns || isAsked(owners);
  if (!hasOwners && !isAsked(types)) return undefined;
  if (subject.kind === 'ops' || (workload !== undefined && workload.traffic === undefined)) {
    throw (hasOwners ? owners : types).refuse(
      'only a modelled server can attribute its memory, and this input has none; leave it out',
    );
  }
  const patterns = hasPatterns ? owners.list().map((one) => utf8AsLatin1(one.text())) : [];
  return { owners: hasOwners, patterns };
}

async function subjectOf(suite: string, runs: string, place: Place): Promise<Subject> {
  if (WORKLOADS.some(({ name }) => name === runs)) return { kind: 'workload', name: runs };
  const path = resolve(dirname(suite), runs);
  if (/\.json$/i.test(runs)) return { kind: 'workload', name: path };
  try {
    return (await isOpsFile(path)) ? await opsSubject(path) : { kind: 'commands', path };
  } catch (error) {
    // A name without a path that is not a file means a workload.
    if (!/[./\\]/.test(runs)) refusing(place, () => findWorkload(runs));
    throw place.refuse(`${(error as Error).message}; name a workload, or a file by its path from the suite`);
  }
}

/** Reads settings one by one, so that an error names its line, then checks them together. */
function readSet(place: Place, workload: Workload | undefined): [string, string][] {
  const sets = place.entries().map(([name, given]): [string, string] => {
    const { value } = given;
    if (typeof value !== 'number' && typeof value !== 'string') {
      throw given.refuse(`\`${JSON.stringify(value)}\` is neither a number nor a text; give one of them`);
    }
    const text = `${name}=${value}`;
    refusing(given, () =>
      workload === undefined ? parseSetting(text) : parseSettings(workload.parameters, [text]),
    );
    return [name, `${value}`];
  });
  if (workload !== undefined) {
    const texts = sets.map((pair) => pair.join('='));
    refusing(place, () => workload.check(parseSettings(workload.parameters, texts)));
  }
  return sets;
}

function readNames(place: Place, known: readonly string[]): string[] {
  const names = place.list().map((one) => one.oneOf(known));
  const [twin] = names.filter((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw place.refuse(`\`${twin}\` is there twice; keep one of them`);
  return names;
}

async function tryOpening(place: Place, subject: Subject): Promise<void> {
  const plan = { subject, parameters: {}, server: DEFAULT_SERVER, settings: {}, seed: undefined };
  try {
    await (await openStream(plan)).close();
  } catch (error) {
    if (error instanceof InputError || (error instanceof Error && 'syscall' in error)) {
      throw place.refuse(error.message);
    }
    throw error;
  }
}

/** Runs an action. An InputError then names the place of the value. */
export function refusing<T>(place: Place, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof InputError) throw place.refuse(error.message);
    throw error;
  }
}
