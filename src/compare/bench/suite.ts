/** A suite, workloads times configurations, from a JSON file. `workloads/suites/suite.schema.json` is its JSON Schema. */
import { Place } from '../../../workloads/index.js';
import { InputError } from '../../base/index.js';
import { BootError, type BootOptions, HOOK_MODES, KNOWN_BUILDS } from '../../engine/index.js';
import { openEngine } from '../../engine/node.js';
import { readTextFile } from '../../input/node.js';
import { SERVERS } from '../../model/index.js';
import { type Cell, makeGrid } from '../../sweep/node.js';
import { checkMetric, parseThreshold, type Thresholds } from '../thresholds.js';
import { readSuiteWorkload, refusing, type SuiteWorkload } from './suite-workload.js';

export interface SuiteCase {
  readonly name: string;
  /** The subject as written in the suite; a path relative to the suite is the same on every machine. */
  readonly runs: string;
  readonly cell: Cell;
}

export interface Suite {
  readonly name: string;
  readonly thresholds: Thresholds;
  /** The figures and groups that are compared; undefined: all. */
  readonly only: readonly string[] | undefined;
  readonly cases: readonly SuiteCase[];
}

const OF_CONFIGURATION = ['server', 'build', 'conf', 'hooks'] as const;

interface Configuration {
  readonly name: string;
  readonly server: string | undefined;
  readonly build: string | undefined;
  readonly conf: string;
  readonly hooks: BootOptions['hooks'];
  readonly place: Place;
}

/** Reads and checks a suite, so that all its errors are found before anything runs. */
export async function readSuite(path: string): Promise<Suite> {
  const root = Place.root(path, await readText(path));
  const field = root.object(['$schema', 'name', 'thresholds', 'only', 'workloads', 'configurations']);
  const name = field('name').text();
  if (!/^[\w.-]+$/.test(name)) throw field('name').refuse('use letters, digits, `-`, `_` and `.`');
  const thresholds = field('thresholds').isMissing ? {} : readThresholds(field('thresholds'));
  const only = field('only').isMissing ? undefined : readOnly(field('only'));
  const configurations = field('configurations').entries().map(readConfiguration);
  const names = configurations.map((configuration) => configuration.name);
  const cases: SuiteCase[] = [];
  for (const [workloadName, place] of field('workloads').entries()) {
    checkName(workloadName, place);
    const workload = await readSuiteWorkload(path, place, names);
    for (const configuration of configurations) {
      if (!workload.configurations.includes(configuration.name)) continue;
      const number = cases.length;
      const cell = cellOf(workload, configuration, number);
      cases.push({ name: `${workloadName} / ${configuration.name}`, runs: workload.runs, cell });
    }
  }
  checkAccounts(field('thresholds'), field('only'), cases);
  await checkConfigurations(configurations, cases);
  return { name, thresholds, only, cases };
}

function readThresholds(place: Place): Thresholds {
  return Object.fromEntries(
    place.entries().map(([metric, given]) => {
      refusing(given, () => checkMetric(metric));
      return [metric, refusing(given, () => parseThreshold(given.value))];
    }),
  );
}

function readOnly(place: Place): string[] {
  return place.list().map((one) => refusing(one, () => checkMetric(one.text())));
}

/** Refuses thresholds for accounts that no case keeps, which would never be exceeded. */
function checkAccounts(thresholds: Place, only: Place, cases: readonly SuiteCase[]): void {
  const named: (readonly [string, Place])[] = [
    ...(thresholds.isMissing ? [] : thresholds.entries()),
    ...(only.isMissing ? [] : only.list().map((one) => [one.text(), one] as const)),
  ];
  for (const [name, place] of named) {
    const account = /^(types|owners)\b/.exec(name)?.[1];
    const isKept = ({ cell: { accounts } }: SuiteCase) =>
      accounts !== undefined && (account === 'types' || accounts.owners);
    if (account === undefined || cases.some(isKept)) continue;
    throw place.refuse(
      `no workload has \`${account}\`, so this figure would never be compared; give one of them "${account}": true`,
    );
  }
}

function readConfiguration([name, place]: [string, Place]): Configuration {
  checkName(name, place);
  const field = place.object(OF_CONFIGURATION);
  const conf = field('conf');
  return {
    name,
    server: field('server').isMissing ? undefined : field('server').oneOf(SERVERS.map((one) => one.name)),
    build: field('build').isMissing ? undefined : field('build').oneOf(KNOWN_BUILDS),
    conf: conf.isMissing || conf.value === '' ? '' : conf.text(),
    hooks: field('hooks').isMissing ? 'complete' : field('hooks').oneOf(HOOK_MODES),
    place,
  };
}

function cellOf(
  workload: SuiteWorkload,
  { server, build, conf, hooks }: Configuration,
  number: number,
): Cell {
  const { subject, settings } = workload;
  if (subject.kind === 'ops' && server !== undefined) {
    throw workload.place.refuse(
      `a saved stream is replayed as it is, so it cannot go with \`server\`: "${server}"; choose other \`configurations\``,
    );
  }
  const [cell] = makeGrid({ ...workload, server, build, conf, hooks, runtime: 'wasm' }, []).cells;
  const { stream } = cell!;
  const { accounts } = workload;
  return {
    ...cell!,
    cell: number,
    stream: { ...stream, settings },
    ...(accounts === undefined ? {} : { accounts }),
  };
}

/** Checks each configuration by booting it once, since only jemalloc knows which options it accepts. */
async function checkConfigurations(
  configurations: readonly Configuration[],
  cases: readonly SuiteCase[],
): Promise<void> {
  for (const { name, place } of configurations) {
    const used = cases.find((one) => one.name.endsWith(` / ${name}`));
    if (used === undefined) {
      throw place.refuse("no workload is run with it; leave it out, or name it in one's `configurations`");
    }
    try {
      await (await openEngine(used.cell.allocator)).close();
    } catch (error) {
      if (!(error instanceof BootError)) throw error;
      const field = place.object(OF_CONFIGURATION);
      const culprit = ['conf', 'build'].map(field).find(({ isMissing }) => !isMissing) ?? place;
      throw culprit.refuse(error.message);
    }
  }
}

/** Checks a name, which is joined with ` / ` and printed in tables. */
function checkName(name: string, place: Place): void {
  if (!/^[\w .,:=+-]+$/.test(name)) {
    throw place.refuse(`\`${name}\` is no name; use letters, digits, spaces and any of _.,:=+-`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readTextFile(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: ${(error as Error).message}; name a suite file`);
  }
}
