/** An experiment: all that decides a run, and thus the content of a link. */
import { HOOK_MODES, type HookMode } from '../src/engine/index.js';
import { DEFAULT_SERVER, findServer } from '../src/model/index.js';
import { parseSettings, WORKLOADS, type Workload } from '../workloads/index.js';

export { HOOK_MODES, type HookMode };

type Subject =
  | { readonly kind: 'workload'; readonly name: string }
  /** A file given to the page: a link can only name it. */
  | { readonly kind: 'file'; readonly name: string };

export interface Experiment {
  readonly subject: Subject;
  /** Parameters of the workload, as text; a missing one has its default. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly server: string;
  /** Name of the allocator build; null means the default build of the server. */
  readonly build: string | null;
  readonly conf: string;
  readonly hooks: HookMode;
  /** Settings of the server, by the names of its configuration file. */
  readonly settings: Readonly<Record<string, string>>;
  readonly hasOwners: boolean;
  /** Operations from one sweep between phases to the next; 0 means no such sweeps, null about forty of them. */
  readonly sweepEvery: number | null;
  /** Virtual milliseconds of decay after the traffic; 0: none. */
  readonly restMs: number;
  /** Changes after the traffic, in the words of `slablab whatif --then`. */
  readonly steps: readonly string[];
}

export const FIRST_EXPERIMENT: Experiment = {
  subject: { kind: 'workload', name: 'scattered-delete' },
  parameters: {},
  server: DEFAULT_SERVER,
  build: null,
  conf: '',
  hooks: 'complete',
  settings: {},
  hasOwners: true,
  sweepEvery: null,
  restMs: 0,
  steps: [],
};

/** Returns the name of an experiment: of its subject, and of the changes after it. */
export function nameOf({ subject, steps }: Pick<Experiment, 'subject' | 'steps'>): string {
  return [subject.name, ...steps].join(', then ');
}

/** One day, whose decay steps are replayed one by one. */
export const MAX_REST_MS = 86_400_000;

export function buildOf({ build, server }: Experiment): string {
  return build ?? findServer(server)?.defaultBuild ?? 'q3';
}

/** Returns the workload of an experiment; undefined for a file, also for one that declares a workload. */
export function workloadOf({ subject }: Experiment): Workload | undefined {
  return subject.kind === 'workload' ? WORKLOADS.find(({ name }) => name === subject.name) : undefined;
}

export function assignments(texts: Readonly<Record<string, string>>): string[] {
  return Object.entries(texts).map((entry) => entry.join('='));
}

const SWEEPS = 40;
/** The step for a stream of unknown length. */
const DEFAULT_SWEEP_EVERY = 100_000;

/** Returns a round number of operations between sweeps, so that the equivalent command line is easy to read. */
export function sweepEveryOf({ sweepEvery }: Experiment, estimatedOperations: number | undefined): number {
  if (sweepEvery !== null) return sweepEvery;
  if (estimatedOperations === undefined) return DEFAULT_SWEEP_EVERY;
  const wanted = Math.max(1000, estimatedOperations / SWEEPS);
  const magnitude = 10 ** Math.floor(Math.log10(wanted));
  return Math.ceil(wanted / magnitude) * magnitude;
}

/** Returns the `slablab run` command for the same experiment. */
export function commandLine(experiment: Experiment): string {
  const { subject, parameters, settings, server, conf, hooks, hasOwners, restMs, steps } = experiment;
  const workload = workloadOf(experiment);
  const estimated = workload?.estimateOperations(parseSettings(workload.parameters, assignments(parameters)));
  const every = sweepEveryOf(experiment, estimated);
  const isChanged = steps.length > 0;
  const options = [
    ...assignments(subject.kind === 'workload' ? parameters : { ...parameters, ...settings }).map(
      (text) => `--set ${quoted(text)}`,
    ),
    // A file may name another server than the one that is chosen on the page.
    server === DEFAULT_SERVER && subject.kind === 'workload' ? '' : `--server ${server}`,
    experiment.build === null ? '' : `--build ${experiment.build}`,
    conf === '' ? '' : `--conf ${quoted(conf)}`,
    hooks === 'complete' ? '' : `--hooks ${hooks}`,
    hasOwners && !isChanged ? '--owners' : '',
    every === 0 || isChanged ? '' : `--sweep-every ${every}`,
    restMs === 0 || isChanged ? '' : `--rest ${restMs}`,
    ...steps.map((step) => `--then ${quoted(step)}`),
  ];
  return [
    isChanged ? 'slablab whatif' : 'slablab run',
    quoted(subject.name),
    ...options.filter((option) => option !== ''),
  ].join(' ');
}

function quoted(text: string): string {
  return /^[\w.,:=@%+/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
