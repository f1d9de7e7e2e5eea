import type { ParameterValues } from '../../workloads/index.js';
import type { RecordedProgram } from '../stream/index.js';
import type { Cut } from './continuation.js';

/** The input of a stream. */
export type Subject =
  /** A workload, by its name or by the path of the JSON document that declares it. */
  (
    | { readonly kind: 'workload'; readonly name: string }
    /** A file of commands. */
    | { readonly kind: 'commands'; readonly path: string }
    /** A saved operation stream, with the program that it was recorded from, if there is one. */
    | { readonly kind: 'ops'; readonly path: string; readonly program?: RecordedProgram }
  ) & {
    /** The path of its content, if that is not the path that names it. */
    readonly at?: string;
  };

/** Everything that determines an operation stream, as a plain value for workers. Equal plans give equal streams. */
export interface StreamPlan {
  readonly subject: Subject;
  /** Parameters of a workload. */
  readonly parameters: ParameterValues;
  /** Name of the server version; a saved stream has none. Undefined: the one that standard input names. */
  readonly server: string | undefined;
  /** Settings of that server, by the names in its configuration file. */
  readonly settings: Readonly<Record<string, string>>;
  /** Seed of the server's own random choices, if the subject has no seed. */
  readonly seed: number | undefined;
  /** The place at which the cohort is marked, if it is not the workload's own. */
  readonly mark?: Cut | undefined;
}

export function subjectName(subject: Subject): string {
  return subject.kind === 'workload' ? subject.name : subject.path;
}

/** Returns the path that the content of a file is read from. */
export function contentPath(subject: Subject): string {
  return subject.at ?? subjectName(subject);
}
