/** A sweep on the page: an experiment, axes that vary it, and an experiment for each combination of their values. */
import { InputError } from '../../src/base/index.js';
import type { Subject } from '../../src/run/index.js';
import { type Axis, findPreset, makeGrid, parseAxes } from '../../src/sweep/index.js';
import { assignments, type Experiment, workloadOf } from '../experiment.js';

export interface SweepPlan {
  readonly experiment: Experiment;
  readonly axes: readonly Axis[];
}

export interface PlannedCell {
  readonly cell: number;
  readonly values: Readonly<Record<string, string>>;
  readonly experiment: Experiment;
}

/** Cells that a page runs in reasonable time, and keeps the maps of. */
const MAX_CELLS = 400;

/** Returns the axes in texts of the form `name=value,value`. Throws an InputError with the text that is wrong. */
export function axesOf(experiment: Experiment, texts: readonly string[]): Axis[] {
  const axes = parseAxes(texts, { subject: subjectOf(experiment), workload: workloadOf(experiment) });
  const seed = axes.find(({ kind }) => kind === 'seed');
  if (seed !== undefined) {
    throw new InputError(
      `seed of a file: the page has none to vary; \`slablab sweep\` on the command line has`,
    );
  }
  const cells = axes.reduce((product, { values }) => product * values.length, 1);
  if (cells > MAX_CELLS) {
    throw new InputError(
      `${cells} cells: a page sweeps at most ${MAX_CELLS}; leave out values, or use \`slablab sweep\``,
    );
  }
  return axes;
}

/** Returns the lines of a preset's axes, and the rest that they need. */
export function presetLines(name: string): { readonly lines: readonly string[]; readonly restMs: number } {
  const { axes, restMs = 0 } = findPreset(name);
  return { lines: axes, restMs };
}

/** Returns the text of an axis, one for each value of a configuration string, which has commas. */
export function axisTexts({ name, kind, values }: Axis): string[] {
  return kind === 'conf' ? values.map((value) => `${name}=${value}`) : [`${name}=${values.join(',')}`];
}

/** Returns the experiments of all cells, whose owners are not recorded, and which are swept at the ends of phases only. */
export function plannedCells({ experiment, axes }: SweepPlan): PlannedCell[] {
  const { parameters, settings, server, build, conf, hooks, restMs } = experiment;
  const { cells } = makeGrid(
    {
      subject: subjectOf(experiment),
      workload: workloadOf(experiment),
      parameters: assignments(parameters),
      settings,
      server,
      build: build ?? undefined,
      conf,
      hooks,
      runtime: 'wasm',
      restMs,
    },
    axes,
  );
  const swept = axes.filter(({ kind }) => kind === 'parameter').map(({ name }) => name);
  return cells.map(({ cell, values, stream, allocator }) => ({
    cell,
    values,
    experiment: {
      ...experiment,
      parameters: {
        ...parameters,
        ...Object.fromEntries(swept.map((name) => [name, values[name]!])),
      },
      settings: stream.settings,
      server: stream.server ?? server,
      build: allocator.build,
      conf: allocator.conf,
      hasOwners: false,
      sweepEvery: 0,
    },
  }));
}

function subjectOf({ subject: { kind, name } }: Experiment): Subject {
  return kind === 'workload' ? { kind, name } : { kind: 'commands', path: name };
}
