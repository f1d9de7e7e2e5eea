import { openInput } from '../input/node.js';
import { parseServerSettings } from '../model/index.js';
import type { Continuation, Cut } from './continuation.js';
import { inputSource } from './input-source.js';
import { opsFileSource } from './ops-file-source.js';
import type { RunAccounts } from './run-accounts.js';
import type { RunSource } from './run-source.js';
import type { StreamPlan } from './subject.js';
import type { TraceAccounts } from './trace-accounts.js';
import { workloadNamed } from './workload-named.js';
import { workloadSource } from './workload-source.js';

/** The parts of a source that no plan determines. */
interface StreamExtras {
  /** Receives the accounts of the source. */
  readonly accounts?: RunAccounts | undefined;
  /** Follows the operations of a recorded program. */
  readonly trace?: TraceAccounts | undefined;
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
      return workloadSource(workloadNamed(subject.name, subject.at), parameters, server, {
        settings: parseServerSettings(texts).settings,
        accounts,
        continuation,
        cut: cut !== undefined && 'phase' in cut ? cut : undefined,
        mark: mark !== undefined && 'phase' in mark ? mark : undefined,
      });
    case 'commands':
      return inputSource(openInput(subject.path, undefined, subject.at), {
        server,
        ...parseServerSettings(texts),
        seed,
        accounts,
        continuation,
        cut: cut !== undefined && !('phase' in cut) ? cut : undefined,
        mark,
      });
    case 'ops':
      return opsFileSource(subject.path, extras.trace, subject.at);
  }
}
