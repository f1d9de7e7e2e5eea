/** Workloads whose commands can be told to a server as well. */
import { findWorkload, type ParameterValues } from '../../../workloads/index.js';
import type { Command } from '../../redis/command.js';
import { InputError } from '../../trace/index.js';
import { workloadSource } from '../source.js';
import { commandOf } from './resp-writer.js';
import type { TrafficPhase, TrafficSource } from './traffic-source.js';

type Traffic = (parameters: ParameterValues) => Iterable<TrafficPhase>;

const TRAFFIC: ReadonlyMap<string, Traffic> = new Map([['scattered-delete', scatteredDelete]]);

export function workloadTraffic(name: string, parameters: ParameterValues, server: string): TrafficSource {
  const workload = findWorkload(name);
  const traffic = TRAFFIC.get(name);
  if (traffic === undefined) {
    throw new InputError(
      `${name}: this workload has no commands to send to a server; verify one of: ${[...TRAFFIC.keys()].join(', ')}`,
    );
  }
  if (parameters.order === 'random') {
    throw new InputError(
      `--set order=random with ${name}: verify cannot draw the same keys yet; use order=odd or order=sequential`,
    );
  }
  return {
    run: workloadSource(workload, parameters, server, { hasIdlePhase: true }),
    phases: () => traffic(parameters),
    unknown: () => new Map(),
  };
}

function* scatteredDelete({ keys, valueBytes, order, drop }: ParameterValues): Iterable<TrafficPhase> {
  const count = Number(keys);
  const size = Number(valueBytes) === 0 ? [] : [`${valueBytes}`];
  const isOdd = order === 'odd';
  yield { name: 'populated', commands: [commandOf(['DEBUG', 'POPULATE', `${count}`, 'key', ...size])] };
  const commands = isOdd ? deletions(1, count, 2) : deletions(0, Math.round(count * Number(drop)), 1);
  yield { name: 'deleted', commands };
}

function* deletions(from: number, to: number, step: number): Iterable<Command> {
  for (let row = from; row < to; row += step) yield commandOf(['DEL', `key:${row}`]);
}
