/** The input that the command line of `run` or `sweep` names. */
import { existsSync } from 'node:fs';
import { parseSettings, type Workload } from '../../workloads/index.js';
import { InputError, unknownName } from '../base/index.js';
import { KNOWN_BUILDS } from '../engine/index.js';
import { openInput } from '../input/node.js';
import { DEFAULT_SERVER, parseServerSettings, SETTING_NAMES, TRAFFIC_SERVER } from '../model/index.js';
import { EXTENSION } from '../recording/index.js';
import { modelNamedIn, serverVersion } from '../run/index.js';
import { namesWorkload, opsSubject, type StreamPlan, type Subject, workloadNamed } from '../run/node.js';
import { isOpsFile, STDIN } from '../stream/node.js';
import { isLog } from '../trace/node.js';
import { markOf } from './input-place.js';
import { logSubject } from './logged-program.js';
import type { SubjectOptions } from './run-options.js';
import { withInputError } from './system-errors.js';

export interface SubjectArgument {
  readonly subject: Subject;
  /** Defined if the subject is a workload. */
  readonly workload: Workload | undefined;
}

/** Finds the subject that `input` names. Refuses options that a saved stream does not take; `more` adds some. */
export async function parseSubject(
  input: string,
  { set, server, mark, quiet = false }: SubjectOptions,
  more: Readonly<Record<string, unknown>> = {},
): Promise<SubjectArgument> {
  if (input === STDIN && !(await isOpsFile(input)) && !(await isLog(input))) {
    parseServerSettings(set ?? []);
    return { subject: { kind: 'commands', path: input }, workload: undefined };
  }
  if (input !== STDIN && !looksLikeFile(input))
    return { subject: { kind: 'workload', name: input }, workload: workloadNamed(input) };
  if (input.replace(/\.gz$/i, '').endsWith(EXTENSION)) {
    throw new InputError(
      `${input}: is a recording of a run; name the input of that run, which its .json file contains`,
    );
  }
  const isOps = await withFileError(input, () => isOpsFile(input));
  const isLogged = !isOps && (await isLog(input));
  if (!isOps && !isLogged) {
    parseServerSettings(set ?? []);
    return { subject: { kind: 'commands', path: input }, workload: undefined };
  }
  refuseIfGiven(
    input,
    { '--set': set, '--server': server, '--mark': mark, ...more },
    'a saved stream is replayed unchanged',
  );
  const subject = await withFileError(input, () => (isLogged ? logSubject(input, quiet) : opsSubject(input)));
  return { subject, workload: undefined };
}

/** Returns how to make the stream that the options describe. */
export function streamPlanOf({ subject, workload }: SubjectArgument, options: SubjectOptions): StreamPlan {
  const set = options.set ?? [];
  const ofWorkload = workload === undefined ? [] : parametersAmong(set, workload);
  const ofServer = set.filter((text) => !ofWorkload.includes(text));
  if (workload !== undefined) parseServerSettings(ofServer);
  return {
    subject,
    parameters: workload === undefined ? {} : parseSettings(workload.parameters, ofWorkload),
    server: serverFor(subject, options.server),
    settings: settingsOf(ofServer),
    seed: undefined,
    ...(options.mark === undefined ? {} : { mark: markOf(options.mark, workload) }),
  };
}

/** Returns the texts of `--set` that are not about the workload's server. */
export function parametersAmong(set: readonly string[], workload: Workload): string[] {
  return set.filter((text) => !isServerSetting(text, workload));
}

/** Whether a `--set` of a workload is about its server, which has no parameter of that name. */
function isServerSetting(text: string, { parameters }: Workload): boolean {
  const name = text.slice(0, Math.max(0, text.indexOf('=')));
  return SETTING_NAMES.has(name.toLowerCase()) && !Object.hasOwn(parameters, name);
}

/** Returns the given server, or the one whose model stands for that which saved the file, or the default of its kind. */
function serverFor(subject: Subject, given: string | undefined): string | undefined {
  if (given !== undefined) return serverVersion(given).name;
  if (subject.kind !== 'commands') return DEFAULT_SERVER;
  return subject.path === STDIN ? undefined : (modelNamedIn(openInput(subject.path)) ?? TRAFFIC_SERVER);
}

/** Returns the settings in the values of `--set`, which `parseSubject` has checked. */
function settingsOf(texts: readonly string[]): StreamPlan['settings'] {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      return [text.slice(0, equals).toLowerCase(), text.slice(equals + 1)];
    }),
  );
}

/** Turns a system error in `action` into an input error about the file. */
export function withFileError<T>(input: string, action: () => Promise<T>): Promise<T> {
  return withInputError(input, 'name a workload, or a readable file of commands or operations', action);
}

/** Returns the build, whose name must be known. The engine reports a known build that has not been made. */
export function knownBuild(build: string): string {
  if (KNOWN_BUILDS.some((known) => known === build)) return build;
  throw unknownName('a build', build, KNOWN_BUILDS);
}

/** Refuses standard input for a command that reads its input more than once. */
export function refuseStdin(input: string): void {
  if (input === STDIN) {
    throw new InputError(
      '-: standard input can be read only once, and this command reads its input several times; name a file',
    );
  }
}

/** Whether an input is a file. Plain names of no file count as workloads, so that errors suggest the nearest one. */
export function looksLikeFile(input: string): boolean {
  return !namesWorkload(input) && (/[./\\]/.test(input) || existsSync(input));
}

function refuseIfGiven(path: string, options: Readonly<Record<string, unknown>>, why: string): void {
  const given = Object.keys(options).find((option) => options[option] !== undefined);
  if (given !== undefined) throw new InputError(`${given} with ${path}: ${why}; remove the option`);
}
