/** `slablab whatif INPUT 'arena PATTERN'`: a recorded program or a server with an arena for the regions of an owner. */
import { formatCount, InputError } from '../base/index.js';
import { openEngine } from '../engine/node.js';
import {
  type ArenaMeans,
  adviseTrace,
  quoted,
  type Setup,
  type WhatIfOutcome,
  whatIfArena,
} from '../remedy/index.js';
import { adviceReport, whatIfReport } from '../report/index.js';
import { joinedConf, programBuild, programConf, RunAccounts, withArena } from '../run/index.js';
import { arenaFileSource, openStream, opsFileSource } from '../run/node.js';
import { exitCodeAfter, type Interruption } from './abort-on-signals.js';
import type { CommandResult } from './command-result.js';
import { exitCodeOf } from './exit.js';
import { printMessage } from './output.js';
import { type Progress, progressBar } from './progress.js';
import type { QueueChoice } from './queue-options.js';
import { knownBuild, parseSubject, refuseStdin, withFileError } from './subject-argument.js';
import { type ChangedInput, type ChangeOptions, parseChangedInput, whatIfLine } from './whatif-means.js';

/** Returns the advice on the trace of a recorded program; undefined if the input is another one. */
export async function traceAdvice(
  input: string,
  options: ChangeOptions & QueueChoice & { readonly tolerance: number },
  interruption: Interruption,
): Promise<CommandResult | undefined> {
  const { subject } = await parseSubject(input, options);
  if (subject.kind !== 'ops' || subject.program === undefined) return undefined;
  if (options.queue !== undefined) {
    throw new InputError(
      `--queue with ${input}: the trace of a recorded program is replayed on this machine; remove --queue`,
    );
  }
  if (options.at !== undefined)
    throw new InputError(`--at with ${input}: a recorded program is replayed whole`);
  const { program, path, at = path } = subject;
  const { hooks, runtime, tolerance, quiet = false } = options;
  const build = knownBuild(options.build ?? programBuild(program));
  const conf = joinedConf(programConf(program), options.conf ?? '');
  const advice = await adviseTrace(
    { hooks, conf, tolerance },
    {
      openEngine: (given) => openEngine({ build, conf: given, hooks, runtime }),
      openSource: (accounts) => withFileError(input, () => opsFileSource(path, accounts, at)),
      openArena: (owner) => withFileError(input, () => arenaFileSource(path, owner, at)),
      beforeStep: () => interruption.check(),
      onTrial: (steps, number, planned) => {
        const what = steps.length === 0 ? 'the program alone' : steps.join(', then ');
        if (!quiet) printMessage(`replay ${number} of ${planned}: ${what}`);
      },
    },
  );
  const lineFor = ([step = '']: readonly string[]) =>
    step.startsWith('conf ')
      ? `slablab run ${quoted(input)} --conf ${quoted(step.slice('conf '.length))}`
      : `slablab whatif ${quoted(input)} ${quoted(step)}`;
  return {
    json: advice,
    text: (terminal) => adviceReport(advice, lineFor, terminal),
    exitCode: 0,
    messages: [`${advice.runs} replays in ${(advice.timing.wallMs / 1000).toFixed(1)} s`],
  };
}

const FORM = 'arena PATTERN';

/** Returns the pattern in the words of a change of a whole run. */
function patternOf(change: string): string {
  const [, pattern] = /^arena\s+(\S.*)$/i.exec(change.trim()) ?? [];
  if (pattern !== undefined) return pattern;
  throw new InputError(`'${change}': a change of the whole run is written as '${FORM}'; others take --then`);
}

export async function arenaAnswer(
  input: string,
  change: string,
  options: ChangeOptions & { readonly then?: readonly string[] },
  interruption: Interruption,
): Promise<CommandResult> {
  const pattern = patternOf(change);
  if (options.then !== undefined || options.at !== undefined) {
    throw new InputError(`'${change}' changes the whole run of ${input}; remove --then and --at`);
  }
  const { hooks, runtime, quiet = false } = options;
  const { build, conf, settings, openSource, openArena } = await inputOfArena(input, pattern, options);
  let progress: Progress | undefined;
  const { result, failure, operations } = await whatIfArena(
    { pattern, hooks, conf, settings },
    {
      openEngine: (given) => openEngine({ build, conf: given, hooks, runtime }),
      openSource,
      openArena,
      onProcess: async (source) => {
        progress?.stop();
        progress = await progressBar(!quiet, source);
      },
      onProgress: (done) => progress?.update(done),
      beforeStep: () => interruption.check(),
    },
  ).finally(() => progress?.stop());
  const signal = interruption.signalName();
  const repeat = whatIfLine(input, options, [`arena ${pattern}`]);
  return {
    json: result,
    text: (terminal) => whatIfReport({ result, repeat }, terminal),
    exitCode: signal !== undefined ? exitCodeAfter(signal) : failure === null ? 0 : exitCodeOf(failure),
    messages: [`${formatCount(operations)} operations in ${(result.timing.wallMs / 1000).toFixed(2)} s`],
    ...(failure === null ? {} : { error: failure }),
  };
}

/** Two delays of jemalloc's default decay, after which pages that came back are given to the system. */
const REST_MS = 20_000;

/** Replays the input of a server with an arena for the keys of a pattern, as a trial of an advice. */
export function serverArena(
  input: string,
  changed: ChangedInput,
  { hooks, runtime }: ChangeOptions,
  interruption: Interruption,
): (pattern: string) => Promise<Omit<WhatIfOutcome, 'server'>> {
  const { build, conf, settings } = changed.setup;
  return (pattern) =>
    whatIfArena(
      { pattern, hooks, conf, settings, restMs: REST_MS },
      {
        openEngine: (given) => openEngine({ build, conf: given, hooks, runtime }),
        ...keyArena(input, pattern, changed),
        beforeStep: () => interruption.check(),
      },
    );
}

interface InputOfArena extends Pick<ArenaMeans, 'openSource' | 'openArena'> {
  readonly build: string;
  readonly conf: string;
  readonly settings: Setup['settings'];
}

/** Returns the input as it is and with the arena: a trace by its call sites, commands by the keys of a first replay. */
async function inputOfArena(input: string, pattern: string, options: ChangeOptions): Promise<InputOfArena> {
  const { subject } = await parseSubject(input, options);
  if (subject.kind !== 'ops') {
    refuseStdin(input);
    const changed = await parseChangedInput(input, options);
    return { ...changed.setup, ...keyArena(input, pattern, changed) };
  }
  if (subject.program === undefined) {
    throw new InputError(
      `${input}: is a saved stream without names; name the input that it was made from, or a recorded program`,
    );
  }
  const { program, path, at = path } = subject;
  return {
    build: knownBuild(options.build ?? programBuild(program)),
    conf: joinedConf(programConf(program), options.conf ?? ''),
    settings: {},
    openSource: () => withFileError(input, () => opsFileSource(path, undefined, at)),
    openArena: (owner) => withFileError(input, () => arenaFileSource(path, owner, at)),
  };
}

/** The first replay notes which allocations came to belong to keys of the pattern. The second has an arena for them. */
function keyArena(
  input: string,
  pattern: string,
  { plan, cut }: Pick<ChangedInput, 'plan' | 'cut'>,
): Pick<InputOfArena, 'openSource' | 'openArena'> {
  const accounts = new RunAccounts({ owners: true, patterns: [pattern], notesAllocations: true });
  return {
    openSource: () => withFileError(input, () => openStream(plan, { accounts, cut })),
    openArena: async () => {
      if (!accounts.ownsAny) {
        throw new InputError(
          `arena ${pattern}: no key of ${input} matches; \`slablab run ${input} --owners\` shows patterns`,
        );
      }
      const source = await withFileError(input, () => openStream(plan, { cut }));
      return withArena(source, (_tag, _thread, position) => accounts.owns(position));
    },
  };
}
