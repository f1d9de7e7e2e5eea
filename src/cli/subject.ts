/** What `run` and `sweep` are given to run. */
import { existsSync } from 'node:fs';
import { parseSettings, type Workload } from '../../workloads/index.js';
import { InputError, unknownName } from '../base/index.js';
import { KNOWN_BUILDS } from '../engine/index.js';
import { DEFAULT_SERVER, parseServerSettings } from '../model/index.js';
import { EXTENSION } from '../recording/index.js';
import { serverVersion } from '../run/index.js';
import { namesWorkload, type StreamPlan, type Subject, workloadNamed } from '../run/node.js';
import { isOpsFile } from '../stream/node.js';
import { withInputError } from './blaming.js';
import type { SubjectOptions } from './run-options.js';

export interface GivenSubject {
  readonly subject: Subject;
  /** Where the subject is one. */
  readonly workload: Workload | undefined;
}

/** Refuses options that do not go with it; `more` are further ones that a saved stream has no use for. */
export async function givenSubject(
  what: string,
  { set, server }: SubjectOptions,
  more: Readonly<Record<string, unknown>> = {},
): Promise<GivenSubject> {
  if (!looksLikeFile(what))
    return { subject: { kind: 'workload', name: what }, workload: workloadNamed(what) };
  if (what.endsWith(EXTENSION)) {
    throw new InputError(
      `${what}: is a recording of a run; name what was run, which the .json beside it says`,
    );
  }
  const isOps = await reading(what, () => isOpsFile(what));
  if (!isOps) {
    parseServerSettings(set ?? []);
    return { subject: { kind: 'commands', path: what }, workload: undefined };
  }
  refuseIfGiven(what, { '--set': set, '--server': server, ...more }, 'a saved stream is replayed as it is');
  return { subject: { kind: 'ops', path: what }, workload: undefined };
}

/** The stream that the options ask for, with a server's own settings. */
export function givenStream({ subject, workload }: GivenSubject, options: SubjectOptions): StreamPlan {
  return {
    subject,
    parameters: workload === undefined ? {} : parseSettings(workload.parameters, options.set ?? []),
    server: serverVersion(options.server ?? DEFAULT_SERVER).name,
    settings: subject.kind === 'commands' ? settingsOf(options.set ?? []) : {},
    seed: undefined,
  };
}

/** `name=value`, as --set has it for files of commands: refused when it was given, if it is none. */
function settingsOf(texts: readonly string[]): StreamPlan['settings'] {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      return [text.slice(0, equals).toLowerCase(), text.slice(equals + 1)];
    }),
  );
}

/** What the system refuses in `action` is the file's fault. */
export function reading<T>(what: string, action: () => Promise<T>): Promise<T> {
  return withInputError(
    what,
    'name a workload, a saved stream, or a file of commands that can be read',
    action,
  );
}

export function knownBuild(build: string): string {
  // Whether a known build has been made is for the engine to find out.
  if (KNOWN_BUILDS.some((known) => known === build)) return build;
  throw unknownName('a build', build, KNOWN_BUILDS);
}

/** A plain name that is no file's is meant as a workload, so that a slip gets the nearest workload for an answer. */
export function looksLikeFile(what: string): boolean {
  return !namesWorkload(what) && (/[./\\]/.test(what) || existsSync(what));
}

function refuseIfGiven(path: string, options: Readonly<Record<string, unknown>>, why: string): void {
  const given = Object.keys(options).find((option) => options[option] !== undefined);
  if (given !== undefined) throw new InputError(`${given} with ${path}: ${why}; leave the option out`);
}
