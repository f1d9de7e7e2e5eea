import { hintOf, InputError, nearestName } from '../base/index.js';
import { commonCertainty, type PhaseResult } from '../run/index.js';
import { type Figures, figuresOf } from '../sweep/index.js';
import {
  ACCOUNTS,
  type AccountName,
  figuresOfAccount,
  figuresOfKeys,
  hasKeyCounts,
} from './account-metrics.js';
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
import { type Figure, keyOf, ownerText } from './figure.js';
import { betterWhenOf, figureOfUnused, figuresOfPhase, OF_NATIVE } from './metrics.js';
import {
  isBeyond,
  isNamed,
  parseFigureName,
  type Thresholds,
  thresholdOf,
  thresholdText,
} from './thresholds.js';

export interface CompareOptions {
  readonly thresholds: Thresholds;
  /** The figures and groups that are compared; all if it is absent. */
  readonly only?: readonly string[] | undefined;
  /** Whether a different setup is a failure, as it is if a suite defines the setup. */
  readonly isSetupFixed: boolean;
}

/** Compares two results. Runs are matched by name; if each side has only one, they are matched. */
export function compare(before: NamedRuns, after: NamedRuns, options: CompareOptions): Comparison {
  if (before.kind !== after.kind) {
    throw new InputError(
      `${before.name} is the result of a ${before.kind} and ${after.name} that of a ${after.kind}: ` +
        'give two of one kind',
    );
  }
  checkNames(options, [before, after]);
  const pairs = pairsOf(before, after);
  const cases = pairs.map(([one, other]) => compareCase({ before, after }, one, other, options));
  const certainty = commonCertainty(pairs.flat().flatMap((one) => one?.run ?? []));
  const texts = Object.entries(options.thresholds).map(([name, given]) => [name, thresholdText(given)]);
  return {
    schema: COMPARISON_SCHEMA,
    kind: after.kind,
    before: before.name,
    after: after.name,
    thresholds: Object.fromEntries(texts),
    ...(options.only === undefined ? {} : { only: options.only }),
    isPassed: cases.every(({ isPassed }) => isPassed),
    ...(certainty.length === 0 ? {} : { certainty }),
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
  options: CompareOptions,
): CaseComparison {
  const { thresholds, isSetupFixed } = options;
  const name = (after ?? before)?.name ?? '';
  const problems = [...presence(names, before, after), ...failures(names, before, after)];
  const setup = setupChanges(before?.run ?? null, after?.run ?? null);
  const { figures, movements, missing } = compareFigures(names, before, after, options);
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

/** Returns the failures that are new or different; equal failures on both sides do not count. */
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
  // Options are compared only for equal builds and configurations, where a difference means a changed default.
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
  // Prefixed, since an option could have the name of a parameter.
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
  { thresholds, only }: CompareOptions,
): FigureComparison {
  const wanted = only?.map(parseFigureName);
  const isWanted = (figure: Figure) => wanted === undefined || wanted.some((name) => isNamed(name, figure));
  const result = { figures: 0, movements: [] as Movement[], missing: [] as string[] };
  if (before?.run == null || after?.run == null) return result;
  const [one, other] = [phasesOf(before.run), phasesOf(after.run)];
  if (wanted === undefined || wanted.some(({ metric }) => /^(\*|types|owners)/.test(metric))) {
    result.missing.push(...missingAccounts(names, one, other));
  }
  for (const phase of new Set([...one.keys(), ...other.keys()])) {
    const [was, is] = [one.get(phase), other.get(phase)];
    if (was === undefined || is === undefined) {
      result.missing.push(
        `phase ${phase} is not in ${(was === undefined ? names.before : names.after).name}`,
      );
      continue;
    }
    const accounts = accountsOf(was).filter((account) => accountsOf(is).includes(account));
    const hasKeys = hasKeyCounts(was) && hasKeyCounts(is);
    const pairs = figurePairs(
      figuresWith(was, { accounts, hasKeys }, names.before.name).filter(isWanted),
      figuresWith(is, { accounts, hasKeys }, names.after.name).filter(isWanted),
    );
    result.figures += pairs.length;
    for (const [figure, from, to] of pairs) {
      if (from !== to) result.movements.push(movement(phase, figure, from, to, thresholds));
    }
  }
  return result;
}

function accountsOf(phase: PhaseResult): AccountName[] {
  const all = Object.keys(ACCOUNTS) as AccountName[];
  return all.filter((account) => phase[account] !== undefined);
}

/** The accounts that both sides have, and whether both have counted keys. */
interface CommonAccounts {
  readonly accounts: readonly AccountName[];
  readonly hasKeys: boolean;
}

function figuresWith(phase: PhaseResult, { accounts, hasKeys }: CommonAccounts, result: string): Figure[] {
  const ofAccounts = accounts.flatMap((account) => [...figuresOfAccount(phase, account, result)]);
  const ofKeys = hasKeys ? figuresOfKeys(phase, result) : [];
  return [...figuresOfPhase(phase, result), ...ofAccounts, ...ofKeys];
}

/**
 * Refuses names of accounts that no result has, and of owners that are in none. A threshold for such a figure would never
 * be exceeded.
 */
export function checkNames(
  { thresholds, only = [] }: Pick<CompareOptions, 'thresholds' | 'only'>,
  results: readonly NamedRuns[],
): void {
  const accountNames = Object.keys(ACCOUNTS) as AccountName[];
  for (const text of [...Object.keys(thresholds), ...only]) {
    const name = parseFigureName(text);
    const account = accountNames.find((one) => name.metric === one || name.metric.startsWith(`${one}.`));
    if (account === undefined) continue;
    const phases = results.flatMap(({ runs, name: result }) =>
      runs.flatMap(({ run }) => (run?.phases ?? []).map((phase) => ({ phase, result }))),
    );
    const has = phases.filter(({ phase }) => phase[account] !== undefined);
    if (has.length === 0 && phases.length > 0) {
      throw new InputError(
        `\`${text}\`: no result has \`${account}\`, so it would never be compared; run with ${ACCOUNTS[account]}, or ask for ` +
          `\`"${account}": true\` in a workload of the suite`,
      );
    }
    const figures = has.flatMap(({ phase, result }) =>
      figuresWith(phase, { accounts: [account], hasKeys: hasKeyCounts(phase) }, result),
    );
    if (has.length === 0 || figures.some((figure) => isNamed(name, figure))) continue;
    const owners = new Set(
      figures
        .filter((figure) => isNamed({ metric: name.metric, owner: undefined }, figure))
        .flatMap(({ owner }) => (owner === null ? [] : [ownerText(owner)])),
    );
    if (name.owner === undefined || owners.size === 0) {
      throw new InputError(`\`${text}\`: no result has this figure; make both again with this version`);
    }
    throw new InputError(`\`${text}\`: ${hintOf(nearestName(name.owner, [...owners]), [...owners])}`);
  }
}

/** Returns messages about accounts that only one side has, which cannot be compared. */
function missingAccounts(
  names: Names,
  before: ReadonlyMap<string, PhaseResult>,
  after: ReadonlyMap<string, PhaseResult>,
): string[] {
  const common = [...after.keys()].filter((phase) => before.has(phase));
  const sides = [
    [names.before.name, before, after],
    [names.after.name, after, before],
  ] as const;
  return Object.entries(ACCOUNTS).flatMap(([account, option]) =>
    sides.flatMap(([name, one, other]) => {
      const has = (phases: ReadonlyMap<string, PhaseResult>, phase: string) =>
        phases.get(phase)?.[account as AccountName] !== undefined;
      const phases = common.filter((phase) => !has(one, phase) && has(other, phase));
      if (phases.length === 0) return [];
      const which = phases.length === common.length ? '' : ` at ${phases.join(', ')}`;
      return [`${name} has no \`${account}\`${which}, so they were not compared: run both with ${option}`];
    }),
  );
}

/** Returns phases by unique name, since a stream can sweep a phase more than once. */
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
  const rest = new Map(before.map((figure) => [keyOf(figure), figure]));
  const pairs: FigurePair[] = [];
  for (const figure of after) {
    const key = keyOf(figure);
    const was = rest.get(key);
    rest.delete(key);
    const value = was === undefined ? figureOfUnused(figure) : was.value;
    if (value !== undefined) pairs.push([figure, value, figure.value]);
  }
  for (const figure of rest.values()) {
    const value = figureOfUnused(figure);
    if (value !== undefined) pairs.push([figure, figure.value, value]);
  }
  return pairs;
}

function movement(
  phase: string,
  { metric, sizeClass, owner }: Figure,
  before: number | null,
  after: number | null,
  thresholds: Thresholds,
): Movement {
  const threshold = thresholdOf(thresholds, { metric, owner });
  const isMeasured = before !== null && after !== null;
  const betterWhen = betterWhenOf(metric);
  return {
    phase,
    metric,
    sizeClass,
    owner,
    before,
    after,
    share: isMeasured && before !== 0 ? (after - before) / before : null,
    threshold: thresholdText(threshold),
    isBeyond: isBeyond(threshold, before, after),
    isBetter: isMeasured && betterWhen !== 'neither' ? after < before === (betterWhen === 'low') : null,
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
