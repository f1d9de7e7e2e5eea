/** `slablab whatif TRACE 'arena PATTERN'`: a recorded program with an arena for the regions of an owner. */
import { formatCount, InputError } from '../base/index.js';
import { openEngine } from '../engine/node.js';
import { adviseTrace, quoted, whatIfArena } from '../remedy/index.js';
import { adviceReport, whatIfReport } from '../report/index.js';
import { joinedConf, programBuild, programConf } from '../run/index.js';
import { arenaFileSource, opsFileSource } from '../run/node.js';
import { exitCodeAfter, type Interruption } from './abort-on-signals.js';
import type { CommandResult } from './command-result.js';
import { exitCodeOf } from './exit.js';
import { printMessage } from './output.js';
import { type Progress, progressBar } from './progress.js';
import type { QueueChoice } from './queue-options.js';
import { knownBuild, parseSubject, withFileError } from './subject-argument.js';
import type { ChangeOptions } from './whatif-means.js';

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
  const { subject } = await parseSubject(input, options);
  if (subject.kind !== 'ops' || subject.program === undefined) {
    throw new InputError(
      `${input}: '${change}' is for the trace of a recorded program; name one, or give --then`,
    );
  }
  if (options.then !== undefined || options.at !== undefined) {
    throw new InputError(`'${change}' changes the whole run of ${input}; remove --then and --at`);
  }
  const { program, path, at = path } = subject;
  const { hooks, runtime, quiet = false } = options;
  const build = knownBuild(options.build ?? programBuild(program));
  const conf = joinedConf(programConf(program), options.conf ?? '');
  let progress: Progress | undefined;
  const { result, failure, operations } = await whatIfArena(
    { pattern, hooks, conf },
    {
      openEngine: (given) => openEngine({ build, conf: given, hooks, runtime }),
      openSource: () => withFileError(input, () => opsFileSource(path, undefined, at)),
      openArena: (owner) => withFileError(input, () => arenaFileSource(path, owner, at)),
      onProcess: async (source) => {
        progress?.stop();
        progress = await progressBar(!quiet, source);
      },
      onProgress: (done) => progress?.update(done),
      beforeStep: () => interruption.check(),
    },
  ).finally(() => progress?.stop());
  const signal = interruption.signalName();
  const repeat = `slablab whatif ${quoted(input)} ${quoted(`arena ${pattern}`)}`;
  return {
    json: result,
    text: (terminal) => whatIfReport({ result, repeat }, terminal),
    exitCode: signal !== undefined ? exitCodeAfter(signal) : failure === null ? 0 : exitCodeOf(failure),
    messages: [`${formatCount(operations)} operations in ${(result.timing.wallMs / 1000).toFixed(2)} s`],
    ...(failure === null ? {} : { error: failure }),
  };
}
