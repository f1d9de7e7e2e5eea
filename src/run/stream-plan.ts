import type { ParameterValues } from '../../workloads/index.js';
import { openInput } from '../input/node.js';
import { parseServerSettings } from '../model/index.js';
import type { Accounts } from './accounts.js';
import { inputSource } from './input-source.js';
import { opsFileSource } from './ops-file-source.js';
import { type RunSource, workloadSource } from './run-source.js';
import { workloadNamed } from './workload-named.js';

/** What a sweep is of. */
export type Subject =
  /** By its name, or the JSON document that declares it. */
  | { readonly kind: 'workload'; readonly name: string }
  /** A file of commands. */
  | { readonly kind: 'commands'; readonly path: string }
  /** A saved operation stream. */
  | { readonly kind: 'ops'; readonly path: string };

export interface StreamPlan {
  readonly subject: Subject;
  /** Of workloads. */
  readonly parameters: ParameterValues;
  /** Of what a server model runs; a saved stream has been through one. */
  readonly server: string;
  /** Settings of that server, by the names in its configuration file. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of the server's own chance, where the subject has no seed of its own. */
  readonly seed: number | undefined;
}

/** Opens a stream, with accounts if they are to be kept of it. A fresh source each time, since a source can be read once. */
export async function openStream(plan: StreamPlan, accounts?: Accounts): Promise<RunSource> {
  const { subject, parameters, server, seed } = plan;
  const texts = Object.entries(plan.settings).map((setting) => setting.join('='));
  switch (subject.kind) {
    case 'workload':
      return workloadSource(workloadNamed(subject.name), parameters, server, {
        settings: parseServerSettings(texts).settings,
        accounts,
      });
    case 'commands':
      return inputSource(openInput(subject.path), {
        server,
        ...parseServerSettings(texts),
        seed,
        accounts,
      });
    case 'ops':
      return opsFileSource(subject.path);
  }
}

export function subjectName(subject: Subject): string {
  return subject.kind === 'workload' ? subject.name : subject.path;
}
