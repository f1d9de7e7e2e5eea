import type { ParameterValues } from '../../workloads/index.js';
import { openInput } from '../input/node.js';
import { parseServerSettings } from '../model/index.js';
import { inputSource } from './input-source.js';
import { opsFileSource } from './ops-file-source.js';
import type { RunAccounts } from './run-accounts.js';
import { type Continuation, type Cut, type RunSource, workloadSource } from './run-source.js';
import { workloadNamed } from './workload-named.js';

/** The input of a stream. */
export type Subject =
  /** A workload, by its name or by the path of the JSON document that declares it. */
  | { readonly kind: 'workload'; readonly name: string }
  /** A file of commands. */
  | { readonly kind: 'commands'; readonly path: string }
  /** A saved operation stream. */
  | { readonly kind: 'ops'; readonly path: string };

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

/** The parts of a source that no plan determines. */
interface StreamExtras {
  /** Receives the accounts of the source. */
  readonly accounts?: RunAccounts | undefined;
  readonly continuation?: Continuation | undefined;
  readonly cut?: Cut | undefined;
}

/** Opens a new source for a plan, since a source can be read only once. */
export async function openStream(plan: StreamPlan, extras: StreamExtras = {}): Promise<RunSource> {
  const { accounts, continuation, cut } = extras;
  const { subject, parameters, server, seed, mark } = plan;
  const texts = Object.entries(plan.settings).map((setting) => setting.join('='));
  switch (subject.kind) {
    case 'workload':
      return workloadSource(workloadNamed(subject.name), parameters, server, {
        settings: parseServerSettings(texts).settings,
        accounts,
        continuation,
        cut: cut !== undefined && 'phase' in cut ? cut : undefined,
        mark: mark !== undefined && 'phase' in mark ? mark : undefined,
      });
    case 'commands':
      return inputSource(openInput(subject.path), {
        server,
        ...parseServerSettings(texts),
        seed,
        accounts,
        continuation,
        cut: cut !== undefined && !('phase' in cut) ? cut : undefined,
        mark,
      });
    case 'ops':
      return opsFileSource(subject.path);
  }
}

export function subjectName(subject: Subject): string {
  return subject.kind === 'workload' ? subject.name : subject.path;
}
