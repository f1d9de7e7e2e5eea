/**
 * The address bar: `#run=scattered-delete&set.keys=50000&conf=dirty_decay_ms:0&view.order=address`. Runs are
 * deterministic, so a link shows the same map everywhere. The parts of a second run start with `b.`.
 */

import { InputError } from '../src/base/index.js';
import { KNOWN_BUILDS } from '../src/engine/index.js';
import { DEFAULT_SERVER, SERVERS, SETTING_NAMES } from '../src/model/index.js';
import { parseStep } from '../src/remedy/index.js';
import { WORKLOADS } from '../workloads/index.js';
import { type AtlasState, readAtlasState, writeAtlas } from './atlas/atlas-state.js';
import { type Experiment, FIRST_EXPERIMENT, HOOK_MODES, MAX_REST_MS, workloadOf } from './experiment.js';
import type { ViewState } from './state.js';
import { readView, writeView } from './view-link.js';

export interface Link {
  /** At most two experiments, side by side; empty if the link names none. */
  readonly experiments: readonly Experiment[];
  /** Name of a recording beside the page, shown instead of a first experiment. */
  readonly open: string | null;
  readonly view: ViewState;
  /** Axes of a sweep of the first experiment, as `name=value,value`; empty for a run. */
  readonly axes: readonly string[];
  readonly atlas: AtlasState;
  /** Parts of the link without a meaning here, each with the reason. */
  readonly ignored: readonly string[];
}

const SECOND = 'b.';
const AXIS = 'axis.';
const ATLAS = 'atlas.';
/** Separates configuration strings, which have commas themselves. */
const BETWEEN_CONFS = ';';

export function formatLink({ experiments, open, view, axes, atlas }: Omit<Link, 'ignored'>): string {
  const query = new URLSearchParams();
  if (open !== null) query.append('open', open);
  experiments.forEach((experiment, index) => {
    for (const [name, value] of entriesOf(experiment))
      query.append(`${index === 0 ? '' : SECOND}${name}`, value);
  });
  for (const [name, values] of joinedAxes(axes)) query.append(`${AXIS}${name}`, values);
  for (const [name, value] of writeAtlas(atlas)) query.append(`${ATLAS}${name}`, value);
  for (const [name, value] of writeView(view)) query.append(`view.${name}`, value);
  // Colons and commas are safe in a fragment, and they keep the link readable.
  return `#${query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',')}`;
}

export function parseLink(hash: string): Link {
  let open: string | null = null;
  const taken: Taken = { first: [], second: [], view: [], axes: [], atlas: [], ignored: [] };
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ''))) {
    if (seen.has(name)) {
      taken.ignored.push(`${name}=${value} (given twice)`);
      continue;
    }
    seen.add(name);
    if (name === 'open') open = value;
    else if (name.startsWith('view.')) taken.view.push([name.slice('view.'.length), value]);
    else if (name.startsWith(AXIS)) taken.axes.push(...axisTexts(name.slice(AXIS.length), value));
    else if (name.startsWith(ATLAS)) taken.atlas.push([name.slice(ATLAS.length), value]);
    else if (name.startsWith(SECOND)) taken.second.push([name.slice(SECOND.length), value]);
    else taken.first.push([name, value]);
  }
  const ignore = (text: string) => void taken.ignored.push(text);
  const experiments: Experiment[] = [];
  const first = readExperiment(taken.first, '', ignore);
  if (first !== undefined) experiments.push(first);
  const second = readExperiment(taken.second, SECOND, ignore);
  if (second !== undefined) experiments.push(second);
  return {
    experiments,
    open,
    view: readView(taken.view, ignore),
    axes: taken.axes,
    atlas: readAtlasState(taken.atlas, ignore),
    ignored: taken.ignored,
  };
}

type Entry = readonly [name: string, value: string];

interface Taken {
  readonly first: Entry[];
  readonly second: Entry[];
  readonly view: Entry[];
  readonly axes: string[];
  readonly atlas: Entry[];
  readonly ignored: string[];
}

/** Returns the axes by name, each with all of its values. */
function joinedAxes(texts: readonly string[]): Map<string, string> {
  const axes = new Map<string, string>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    const [name, values] = [text.slice(0, equals), text.slice(equals + 1)];
    const before = axes.get(name);
    axes.set(name, before === undefined ? values : `${before}${BETWEEN_CONFS}${values}`);
  }
  return axes;
}

function axisTexts(name: string, values: string): string[] {
  return name === 'conf'
    ? values.split(BETWEEN_CONFS).map((value) => `${name}=${value}`)
    : [`${name}=${values}`];
}

function entriesOf(experiment: Experiment): Entry[] {
  const { subject, parameters, settings, server, build, conf, hooks } = experiment;
  const { hasOwners, sweepEvery, restMs, steps } = experiment;
  const entries: Entry[] = [[subject.kind === 'workload' ? 'run' : 'file', subject.name]];
  for (const [name, value] of Object.entries(parameters)) entries.push([`set.${name}`, value]);
  if (server !== DEFAULT_SERVER) entries.push(['server', server]);
  if (build !== null) entries.push(['build', build]);
  if (conf !== '') entries.push(['conf', conf]);
  if (hooks !== 'complete') entries.push(['hooks', hooks]);
  for (const [name, value] of Object.entries(settings)) entries.push([`config.${name}`, value]);
  if (!hasOwners) entries.push(['owners', 'no']);
  if (sweepEvery !== null) entries.push(['sweep-every', `${sweepEvery}`]);
  if (restMs !== 0) entries.push(['rest', `${restMs}`]);
  steps.forEach((step, at) => {
    entries.push([`then.${at + 1}`, step]);
  });
  return entries;
}

/** Returns undefined if no entry describes an experiment. */
function readExperiment(
  entries: readonly Entry[],
  prefix: string,
  ignore: (text: string) => void,
): Experiment | undefined {
  const subject = subjectOf(entries, (text) => ignore(`${prefix}${text}`));
  let experiment: Experiment = { ...FIRST_EXPERIMENT, subject: subject ?? FIRST_EXPERIMENT.subject };
  let isTaken = subject !== undefined;
  for (const [name, value] of entries) {
    if (name === 'run' || name === 'file') continue;
    const changed = withEntry(experiment, name, value);
    if (typeof changed === 'string') ignore(`${prefix}${name}=${value} (${changed})`);
    else {
      experiment = changed;
      isTaken = true;
    }
  }
  return isTaken ? experiment : undefined;
}

function subjectOf(
  entries: readonly Entry[],
  ignore: (text: string) => void,
): Experiment['subject'] | undefined {
  for (const [name, value] of entries) {
    if (name === 'file') return { kind: 'file', name: value };
    if (name !== 'run') continue;
    if (WORKLOADS.some((workload) => workload.name === value)) return { kind: 'workload', name: value };
    ignore(`run=${value} (there is no such workload)`);
  }
  return undefined;
}

/** Returns the experiment with the entry applied, or the reason why the entry has no meaning. */
function withEntry(experiment: Experiment, name: string, value: string): Experiment | string {
  if (name.startsWith('set.')) return withParameter(experiment, name.slice('set.'.length), value);
  if (name.startsWith('config.')) {
    const setting = name.slice('config.'.length);
    if (!SETTING_NAMES.has(setting)) return 'no setting that changes memory';
    return { ...experiment, settings: { ...experiment.settings, [setting]: value } };
  }
  if (name.startsWith('then.')) return withStep(experiment, value);
  switch (name) {
    case 'server':
      return SERVERS.some((server) => server.name === value)
        ? { ...experiment, server: value }
        : `servers are ${SERVERS.map((server) => server.name).join(', ')}`;
    case 'build':
      return KNOWN_BUILDS.some((build) => build === value)
        ? { ...experiment, build: value }
        : `builds are ${KNOWN_BUILDS.join(', ')}`;
    case 'conf':
      return { ...experiment, conf: value };
    case 'hooks': {
      const hooks = HOOK_MODES.find((mode) => mode === value);
      return hooks === undefined ? `hooks are ${HOOK_MODES.join(', ')}` : { ...experiment, hooks };
    }
    case 'owners':
      return value === 'yes' || value === 'no' ? { ...experiment, hasOwners: value === 'yes' } : 'yes or no';
    case 'sweep-every':
      return /^(0|[1-9]\d{0,14})$/.test(value)
        ? { ...experiment, sweepEvery: Number(value) }
        : 'a number of operations';
    case 'rest':
      return /^(0|[1-9]\d{0,7})$/.test(value) && Number(value) <= MAX_REST_MS
        ? { ...experiment, restMs: Number(value) }
        : `milliseconds, 0 to ${MAX_REST_MS}`;
    default:
      return 'unknown';
  }
}

/** Returns the experiment with a further change after it. */
function withStep(experiment: Experiment, text: string): Experiment | string {
  try {
    return { ...experiment, steps: [...experiment.steps, parseStep(text, 'then').text] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

function withParameter(experiment: Experiment, name: string, value: string): Experiment | string {
  const workload = workloadOf(experiment);
  const parameters = { ...experiment.parameters, [name]: value };
  // The parameters of a file are known only after it is opened.
  if (workload === undefined) return { ...experiment, parameters };
  const parameter = Object.hasOwn(workload.parameters, name) ? workload.parameters[name] : undefined;
  if (parameter === undefined) return `${workload.name} has no such parameter`;
  return parameter.parse(value) === undefined ? parameter.range : { ...experiment, parameters };
}
