import { parseSettings, type Workload } from '../../../workloads/index.js';
import { InputError } from '../../base/index.js';
import type { BootOptions, Runtime } from '../../engine/index.js';
import { DEFAULT_SERVER, findServer, TRAFFIC_SERVER } from '../../model/index.js';
import type { Change } from '../../remedy/index.js';
import {
  type AccountsOptions,
  joinedConf,
  programBuild,
  programConf,
  type StreamPlan,
  type Subject,
} from '../../run/index.js';
import type { Axis } from './sweep-axis.js';

/** The allocator that a cell boots. */
interface AllocatorPlan extends Pick<BootOptions, 'build' | 'conf' | 'hooks'> {
  readonly runtime: Runtime;
}

/** A combination of a stream and an allocator, as a plain value for workers. */
export interface Cell {
  readonly cell: number;
  /** Values by axis. */
  readonly values: Readonly<Record<string, string>>;
  readonly stream: StreamPlan;
  readonly allocator: AllocatorPlan;
  /** See RunOptions. */
  readonly restMs?: number | undefined;
  /** The accounts of its phases, if it has any. */
  readonly accounts?: AccountsOptions | undefined;
  /** The changes after its input, if there are any. */
  readonly change?: Change | undefined;
}

export interface Grid {
  readonly subject: Subject;
  readonly axes: readonly Axis[];
  readonly outline: GridOutline;
  /** The last axis varies fastest. */
  readonly cells: readonly Cell[];
}

/** The settings of all cells that no axis overrides. */
export interface GridBase {
  readonly subject: Subject;
  /** The workload, where the subject is one. */
  readonly workload: Workload | undefined;
  /** Parameters of a workload as `name=value`, the form of --set. */
  readonly parameters: readonly string[];
  /** Settings of the server that executes a file of commands. */
  readonly settings?: StreamPlan['settings'];
  readonly server: string | undefined;
  /** Undefined: what the cell's server bundles. */
  readonly build: string | undefined;
  readonly conf: string;
  readonly hooks: BootOptions['hooks'];
  readonly runtime: Runtime;
  readonly restMs?: number;
  readonly mark?: StreamPlan['mark'];
}

/** A grid as plain data, without the parts that only running its cells takes. */
export interface GridOutline
  extends Pick<GridBase, 'subject' | 'server' | 'build' | 'conf' | 'hooks' | 'runtime'> {
  readonly axes: readonly Axis[];
}

/** A larger grid is assumed to be a typing error. */
const MAX_CELLS = 100_000;

export function makeGrid(base: GridBase, axes: readonly Axis[]): Grid {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MAX_CELLS) {
    throw new InputError(
      `${axes.map(({ name, values }) => `${name}: ${values.length}`).join(', ')}: ${count} cells; ` +
        `at most ${MAX_CELLS} can be swept at once, so leave out values`,
    );
  }
  const cells = Array.from({ length: count }, (_, cell) => makeCell(base, axes, cell));
  return { subject: base.subject, axes, cells, outline: outlineOf(base, axes) };
}

/** Returns a grid whose conclusions are those of the whole grid. Its cells cannot be run. */
export function gridOfOutline({ axes, ...base }: GridOutline): Grid {
  return makeGrid({ ...base, workload: undefined, parameters: [] }, axes);
}

function outlineOf(
  { subject, server, build, conf, hooks, runtime }: GridBase,
  axes: readonly Axis[],
): GridOutline {
  return { subject, server, build, conf, hooks, runtime, axes };
}

function makeCell(base: GridBase, axes: readonly Axis[], cell: number): Cell {
  const values = valuesAt(axes, cell);
  const of = (kind: Axis['kind']) =>
    axes.filter((axis) => axis.kind === kind).map(({ name }) => [name, values[name]!] as const);
  const otherwise = base.subject.kind === 'commands' ? TRAFFIC_SERVER : DEFAULT_SERVER;
  const server = values.server ?? base.server ?? otherwise;
  const seed = of('seed')[0]?.[1];
  const program = base.subject.kind === 'ops' ? base.subject.program : undefined;
  const ofProgram = program === undefined ? undefined : programBuild(program);
  const build = values.build ?? base.build ?? ofProgram ?? findServer(server)?.defaultBuild ?? '';
  // jemalloc uses the last value of an option, so an axis of an option overrides a whole string.
  const recorded = program === undefined ? '' : programConf(program);
  const conf = [
    recorded,
    values.conf ?? base.conf,
    ...of('option').map(([name, value]) => `${name}:${value}`),
  ];
  return {
    cell,
    values,
    stream: {
      subject: base.subject,
      parameters: parametersOf(base, of('parameter')),
      server,
      settings: { ...base.settings, ...Object.fromEntries(of('setting')) },
      seed: seed === undefined ? undefined : Number(seed),
      ...(base.mark === undefined ? {} : { mark: base.mark }),
    },
    allocator: {
      build,
      conf: joinedConf(...conf),
      hooks: base.hooks,
      runtime: base.runtime,
    },
    restMs: base.restMs,
  };
}

function parametersOf(
  { workload, parameters }: GridBase,
  swept: readonly (readonly [string, string])[],
): StreamPlan['parameters'] {
  if (workload === undefined) return {};
  return parseSettings(workload.parameters, [...parameters, ...swept.map((pair) => pair.join('='))]);
}

function valuesAt(axes: readonly Axis[], cell: number): Record<string, string> {
  let rest = cell;
  const values = axes.map(({ values: all }) => all).reverse();
  const picked = values.map((all) => {
    const value = all[rest % all.length]!;
    rest = Math.floor(rest / all.length);
    return value;
  });
  return Object.fromEntries(axes.map(({ name }, index) => [name, picked[axes.length - 1 - index]!]));
}
