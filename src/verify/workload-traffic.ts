/** A workload's commands, for the model and for the real server. */
import {
  type ParameterValues,
  type PhaseEnd,
  type Step,
  WORKLOADS,
  type Workload,
} from '../../workloads/index.js';
import { InputError } from '../base/index.js';
import type { Command } from '../commands/index.js';
import { workloadSource } from '../run/index.js';
import type { TrafficPhase, TrafficSource } from './traffic-source.js';

export interface WorkloadTrafficOptions {
  readonly server: string;
  readonly settleMs: number;
}

export function workloadTraffic(
  workload: Workload,
  parameters: ParameterValues,
  { server, settleMs }: WorkloadTrafficOptions,
): TrafficSource {
  const { name, traffic } = workload;
  if (traffic === undefined) {
    const others = WORKLOADS.filter((known) => known.traffic !== undefined).map((known) => known.name);
    throw new InputError(
      `${name}: this workload drives the allocator itself and has no commands to send to a server; ` +
        `verify one of: ${others.join(', ')}`,
    );
  }
  return {
    run: workloadSource(workload, parameters, server, { restMs: settleMs }),
    phases: () => phasesOf(workload, traffic(parameters)),
    unknown: () => new Map(),
  };
}

/** Returns the phases in order, each with its commands. */
function* phasesOf({ phases }: Workload, steps: Iterable<Step>): Iterable<TrafficPhase> {
  const walk = steps[Symbol.iterator]();
  for (const { name } of phases) {
    let end: PhaseEnd | undefined;
    const commands = commandsOf(walk, (found) => {
      end = found;
    });
    yield { name, commands, waitUntilMs: () => end?.atMs };
  }
}

function* commandsOf(walk: Iterator<Step>, onEnd: (end: PhaseEnd) => void): Iterable<Command> {
  for (let step = walk.next(); step.done !== true; step = walk.next()) {
    if ('phase' in step.value) {
      onEnd(step.value);
      return;
    }
    yield step.value;
  }
}
