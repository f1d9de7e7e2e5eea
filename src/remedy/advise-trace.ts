/** The remedies of a recorded program: settings of its allocator, and arenas for call sites. */

import type { PinReport } from '../analysis/index.js';
import { formatBytes, formatShare, InputError } from '../base/index.js';
import { joinedConf, PEAK, type PhaseResult, type RunResult, TraceAccounts } from '../run/index.js';
import { ADVICE_SCHEMA, type Advice, memoryOf, type TriedRemedy } from './advice.js';
import { imperative } from './conclusion.js';
import { ranked } from './rank.js';
import { leastGain } from './remedy.js';
import { headOf } from './result-head.js';
import { type ArenaMeans, IN_PROGRAM, replayed } from './what-if-arena.js';

interface TraceQuestion {
  readonly hooks: RunResult['hooks'];
  readonly conf: string;
  readonly tolerance: number;
}

interface TraceAdviceMeans extends ArenaMeans {
  /** Called before each replay, with its steps and the number of replays that are planned. */
  readonly onTrial?: (steps: readonly string[], number: number, planned: number) => void;
}

/** Settings to try. */
const SETTINGS = ['dirty_decay_ms:0', 'narenas:1', 'tcache:false'];
/** The number of call sites whose arena is tried: those that keep most slabs, and those that free most regions. */
const KEEPING_SITES = 2;
const SHORT_SITES = 2;
/** An end with a smaller share of the active bytes of the peak has nothing left to judge. */
const LEAST_LEFT = 0.1;

/** Replays a recorded program with each remedy, and ranks them by the memory that they give back where it is judged. */
export async function adviseTrace(question: TraceQuestion, means: TraceAdviceMeans): Promise<Advice> {
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const { hooks, conf, tolerance } = question;
  const accounts = new TraceAccounts({ by: 'site', frame: 0 });
  means.onTrial?.([], 1, 1);
  const outcome = await replayed(await means.openSource(accounts), { hooks, conf, accounts }, means);
  if (outcome.failure !== null) throw outcome.failure;
  const base = judged(outcome.result.phases);
  if (base === undefined) throw new InputError(`${outcome.result.workload}: has no phase to compare with`);
  const sites = sitesToTry(base.owners);
  const settings = SETTINGS.filter((setting) => !conf.split(',').includes(setting));
  const planned = 1 + settings.length + sites.length;
  const tried: TriedRemedy[] = [];
  for (const setting of settings) {
    means.onTrial?.([`conf ${setting}`], tried.length + 2, planned);
    const run = await replayed(await means.openSource(), { hooks, conf: joinedConf(conf, setting) }, means);
    if (run.failure !== null) throw run.failure;
    const caution = 'it may cost speed, which is not measured here';
    const onServer = [`MALLOC_CONF=${setting} # before the program starts, after its other options`];
    tried.push(
      remedyOf({ name: `conf ${setting}`, kind: 'conf', caution, onServer }, base, run.result, tolerance),
    );
  }
  for (const site of sites) {
    const name = `arena ${site}`;
    means.onTrial?.([name], tried.length + 2, planned);
    const run = await replayed(await means.openArena(literal(site)), { hooks, conf }, means);
    if (run.failure !== null) throw run.failure;
    const caution = 'a change of the program';
    tried.push(
      remedyOf({ name, kind: 'arena', caution, onServer: [IN_PROGRAM] }, base, run.result, tolerance),
    );
  }
  const before = memoryOf(base);
  const remedies = ranked(tried, tolerance * before.resident);
  return {
    schema: ADVICE_SCHEMA,
    ...headOf(outcome.result),
    conf,
    tolerance,
    before,
    remedies,
    pairs: [],
    conclusion: conclusionOf(remedies, before.resident, tolerance, base.name),
    limits:
      base.name === PEAK
        ? ['Judged at the phase `peak`: at its end the program had freed nearly all that it had.']
        : [],
    runs: planned,
    timing: { startedAt, wallMs: performance.now() - started },
  };
}

function remedyOf(
  about: Pick<TriedRemedy, 'name' | 'kind' | 'caution' | 'onServer'>,
  base: PhaseResult,
  { phases }: RunResult,
  tolerance: number,
): TriedRemedy {
  const before = memoryOf(base);
  const memory = memoryOf(phases.find(({ name }) => name === base.name)!);
  const backBytes = before.resident - memory.resident;
  return {
    ...about,
    steps: [about.name],
    memory,
    backBytes,
    freedBytes: before.usedMemory - memory.usedMemory,
    beyond: null,
    gainBytes: backBytes,
    helps: backBytes > leastGain(about.kind, tolerance) * before.resident,
    costs: { sent: 0, tookMs: 0, copiedBytes: 0 },
  };
}

/** Returns the last phase, or the peak if a program has given back nearly everything by then. */
function judged(phases: readonly PhaseResult[]): PhaseResult | undefined {
  const last = phases.at(-1);
  const peak = phases.find(({ name }) => name === PEAK);
  if (last === undefined || peak === undefined) return last;
  return last.memory.active < LEAST_LEFT * peak.memory.active ? peak : last;
}

/** Returns the call sites that keep most slabs, and those that freed most regions. */
function sitesToTry(owners: PinReport | undefined): string[] {
  const { patterns = [], lifetimes = [] } = owners ?? {};
  const keeping = patterns
    .filter((site) => site.pattern !== null && isNamed(site.pattern))
    .sort((left, right) => right.slabs - left.slabs)
    .slice(0, KEEPING_SITES)
    .map(({ pattern }) => pattern!);
  const frees = new Map<string, number>();
  for (const life of lifetimes) frees.set(life.pattern, (frees.get(life.pattern) ?? 0) + life.frees);
  const short = [...frees]
    .filter(([site, count]) => isNamed(site) && count > 0)
    .sort(([, left], [, right]) => right - left)
    .slice(0, SHORT_SITES)
    .map(([site]) => site);
  return [...new Set([...keeping, ...short])];
}

/** Whether a group is a call site with a name, and not one of those that stand for others. */
function isNamed(site: string): boolean {
  return !site.startsWith('(') && !site.startsWith('call site ');
}

/** Returns the pattern that matches a text alone. */
function literal(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

function conclusionOf(
  remedies: readonly TriedRemedy[],
  resident: number,
  tolerance: number,
  phase: string,
): string {
  const best = remedies.find(({ helps }) => helps);
  if (best === undefined) {
    return `Leave the program as it is: nothing that was tried gives back more than ${formatShare(tolerance)} of resident memory at its ${phase}.`;
  }
  const { backBytes } = best;
  if (phase !== PEAK)
    return `${imperative(best)}: ${formatBytes(backBytes)} of ${formatBytes(resident)} come back at the end.`;
  return `${imperative(best)}: the peak of ${formatBytes(resident)} is ${formatBytes(backBytes)} lower.`;
}
