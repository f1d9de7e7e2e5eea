import { InputError } from '../../trace/index.js';
import { type Figures, figuresOf } from '../figures.js';
import type { PhaseResult } from '../run-result.js';
import {
  type CaseComparison,
  COMPARISON_SCHEMA,
  type ComparedRun,
  type Comparison,
  type Movement,
  type NamedRun,
  type NamedRuns,
  type SetupChange,
  type TimingChange,
} from './comparison.js';
import { type Figure, figureOfUnusedClass, figuresOfPhase, OF_NATIVE, wishOf } from './metrics.js';
import { isBeyond, type Thresholds, thresholdOf, thresholdText } from './thresholds.js';

export interface CompareOptions {
  readonly thresholds: Thresholds;
  /** Whether another setup is a failure by itself: it is where a suite says what the setup is. */
  readonly isSetupFixed: boolean;
}

/** Runs are matched by their names; where each side has but one, that is it. */
export function compare(before: NamedRuns, after: NamedRuns, options: CompareOptions): Comparison {
  if (before.kind !== after.kind) {
    throw new InputError(
      `${before.name} is the result of a ${before.kind} and ${after.name} that of a ${after.kind}: ` +
        'give two of one kind',
    );
  }
  const pairs = pairsOf(before, after);
  const cases = pairs.map(([one, other]) => compareCase({ before, after }, one, other, options));
  const texts = Object.entries(options.thresholds).map(([name, given]) => [name, thresholdText(given)]);
  return {
    schema: COMPARISON_SCHEMA,
    kind: after.kind,
    before: before.name,
    after: after.name,
    thresholds: Object.fromEntries(texts),
    isPassed: cases.every(({ isPassed }) => isPassed),
    cases,
  };
}

type Pair = readonly [before: NamedRun | undefined, after: NamedRun | undefined];

function pairsOf(before: NamedRuns, after: NamedRuns): Pair[] {
  if (after.kind === 'run') return [[before.runs[0], after.runs[0]]];
  const find = ({ runs }: NamedRuns, name: string) => runs.find((run) => run.name === name);
  const pairs: Pair[] = after.runs.map((run) => [find(before, run.name), run]);
  if (after.kind === 'sweep' && pairs.every(([one]) => one === undefined)) {
    throw new InputError(
      `${before.name} and ${after.name} have no cell in common: give two sweeps of one grid`,
    );
  }
  const gone = before.runs.filter(({ name }) => find(after, name) === undefined);
  return [...pairs, ...gone.map((run): Pair => [run, undefined])];
}

interface Names {
  readonly before: NamedRuns;
  readonly after: NamedRuns;
}

function compareCase(
  names: Names,
  before: NamedRun | undefined,
  after: NamedRun | undefined,
  { thresholds, isSetupFixed }: CompareOptions,
): CaseComparison {
  const name = (after ?? before)?.name ?? '';
  const problems = [...presence(names, before, after), ...failures(names, before, after)];
  const setup = setupChanges(before?.run ?? null, after?.run ?? null);
  const { figures, movements, missing } = compareFigures(names, before, after, thresholds);
  problems.push(...missing);
  const timing = timingChange(before, after, thresholds);
  const isMoved = movements.some((movement) => movement.isBeyond) || timing?.isBeyond === true;
  return {
    name,
    isPassed: problems.length === 0 && !isMoved && !(isSetupFixed && setup.length > 0),
    setup,
    problems,
    before: measured(before),
    after: measured(after),
    figures,
    movements,
    timing,
  };
}

function measured(run: NamedRun | undefined): Figures | null {
  return run === undefined || run.run === null || run.error !== null ? null : figuresOf(run.run);
}

function presence(
  { before, after }: Names,
  one: NamedRun | undefined,
  other: NamedRun | undefined,
): string[] {
  if (one === undefined) return [`not in ${before.name}`];
  return other === undefined ? [`not in ${after.name}`] : [];
}

/** What failed on both sides in the same words is as it was. */
function failures(
  { before, after }: Names,
  one: NamedRun | undefined,
  other: NamedRun | undefined,
): string[] {
  if (one?.error?.message === other?.error?.message) return [];
  const told = [
    [before, one],
    [after, other],
  ] as const;
  return told.flatMap(([{ name }, run]) =>
    run === undefined || run.error === null ? [] : [`failed in ${name}: ${run.error.message}`],
  );
}

function setupChanges(before: ComparedRun | null, after: ComparedRun | null): SetupChange[] {
  if (before === null || after === null) return [];
  // Of another build or configuration they are a consequence; of the same, a default has changed.
  const isSame = (name: 'build' | 'jemalloc' | 'conf') => before[name] === after[name];
  const areTold = before.options !== undefined && after.options !== undefined;
  const hasOptions = areTold && isSame('build') && isSame('jemalloc') && isSame('conf');
  const [one, other] = [setupOf(before, hasOptions), setupOf(after, hasOptions)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((what) => {
    const values = { before: one.get(what) ?? '(none)', after: other.get(what) ?? '(none)' };
    return values.before === values.after ? [] : [{ what, ...values }];
  });
}

function setupOf(
  { parameters, settings = {}, options = {}, ...run }: ComparedRun,
  hasOptions: boolean,
): Map<string, string> {
  const { workload, server, build, jemalloc, hooks } = run;
  const plain = { workload, server, build, jemalloc, hooks, conf: run.conf === '' ? '(defaults)' : run.conf };
  // They would hide a parameter of the same name.
  const taken = hasOptions
    ? Object.entries(Object(options)).map(([name, value]) => [`jemalloc's ${name}`, value])
    : [];
  return new Map(
    Object.entries({
      ...plain,
      ...Object(parameters),
      ...Object(settings),
      ...Object.fromEntries(taken),
    }).map(([name, value]) => [name, `${value as string}`]),
  );
}

interface FigureComparison {
  readonly figures: number;
  readonly movements: Movement[];
  readonly missing: string[];
}

function compareFigures(
  names: Names,
  before: NamedRun | undefined,
  after: NamedRun | undefined,
  thresholds: Thresholds,
): FigureComparison {
  const result = { figures: 0, movements: [] as Movement[], missing: [] as string[] };
  if (before?.run == null || after?.run == null) return result;
  const [one, other] = [phasesOf(before.run), phasesOf(after.run)];
  for (const phase of new Set([...one.keys(), ...other.keys()])) {
    const [was, is] = [one.get(phase), other.get(phase)];
    if (was === undefined || is === undefined) {
      result.missing.push(
        `phase ${phase} is not in ${(was === undefined ? names.before : names.after).name}`,
      );
      continue;
    }
    const pairs = figurePairs(
      [...figuresOfPhase(was, names.before.name)],
      [...figuresOfPhase(is, names.after.name)],
    );
    result.figures += pairs.length;
    for (const [figure, from, to] of pairs) {
      if (from !== to) result.movements.push(movement(phase, figure, from, to, thresholds));
    }
  }
  return result;
}

/** By name; a stream may sweep a phase more than once. */
function phasesOf({ phases }: ComparedRun): Map<string, PhaseResult> {
  const byName = new Map<string, PhaseResult>();
  for (const phase of phases) {
    let name = phase.name;
    for (let again = 2; byName.has(name); again++) name = `${phase.name} (${again})`;
    byName.set(name, phase);
  }
  return byName;
}

type FigurePair = readonly [figure: Figure, before: number | null, after: number | null];

function figurePairs(before: readonly Figure[], after: readonly Figure[]): FigurePair[] {
  const key = ({ metric, sizeClass }: Figure) => `${metric} ${sizeClass}`;
  const rest = new Map(before.map((figure) => [key(figure), figure]));
  const pairs: FigurePair[] = [];
  for (const figure of after) {
    const was = rest.get(key(figure));
    rest.delete(key(figure));
    const value = was === undefined ? figureOfUnusedClass(figure) : was.value;
    if (value !== undefined) pairs.push([figure, value, figure.value]);
  }
  for (const figure of rest.values()) {
    const value = figureOfUnusedClass(figure);
    if (value !== undefined) pairs.push([figure, figure.value, value]);
  }
  return pairs;
}

function movement(
  phase: string,
  { metric, sizeClass }: Figure,
  before: number | null,
  after: number | null,
  thresholds: Thresholds,
): Movement {
  const threshold = thresholdOf(thresholds, metric);
  const isMeasured = before !== null && after !== null;
  const wish = wishOf(metric);
  return {
    phase,
    metric,
    sizeClass,
    before,
    after,
    share: isMeasured && before !== 0 ? (after - before) / before : null,
    threshold: thresholdText(threshold),
    isBeyond: isBeyond(threshold, before, after),
    isBetter: isMeasured && wish !== 'neither' ? after < before === (wish === 'low') : null,
  };
}

function timingChange(
  before: NamedRun | undefined,
  after: NamedRun | undefined,
  thresholds: Thresholds,
): TimingChange | null {
  if (before?.ofNative == null || after?.ofNative == null) return null;
  const threshold = thresholds[OF_NATIVE];
  const [from, to] = [before.ofNative, after.ofNative];
  return {
    before: from,
    after: to,
    threshold: threshold === undefined ? null : thresholdText(threshold),
    isBeyond: threshold !== undefined && to < from && isBeyond(threshold, from, to),
  };
}
