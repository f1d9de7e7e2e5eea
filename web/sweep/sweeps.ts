/** The sweep that the page shows: its atlas, which grows while its cells run. */
import type { Atlas, AtlasCell } from '../../src/report/index.js';
import { assignments } from '../experiment.js';
import type { GivenFile } from '../lab/service.js';
import { Store } from '../store.js';
import { type PlannedCell, plannedCells, type SweepPlan } from './plan.js';
import { type CellRun, runCells } from './run-cells.js';

export interface ShownSweep {
  readonly atlas: Atlas;
  /** Null for a sweep that was read from files. */
  readonly plan: SweepPlan | null;
  /** Number of workers; 0 if nothing runs. */
  readonly workers: number;
  readonly isCancelled: boolean;
}

export class Sweeps {
  readonly shown = new Store<ShownSweep | null>(null);
  /** The last sweep, which a step back in the history shows without running it again. */
  #last: { readonly key: string; readonly shown: ShownSweep } | null = null;
  #run: CellRun | null = null;
  #cells: readonly PlannedCell[] = [];
  /** Recordings of the cells of the last sweep, packed: some kilobytes each. */
  readonly #recordings = new Map<number, Uint8Array>();

  /** Runs a sweep, or shows it again if it was the last one. */
  start(plan: SweepPlan, files: readonly GivenFile[]): void {
    const key = JSON.stringify(plan);
    if (this.#last?.key === key && this.#last.shown.workers === 0 && !this.#last.shown.isCancelled) {
      this.shown.set(this.#last.shown);
      return;
    }
    this.cancel();
    const cells = plannedCells(plan);
    this.#cells = cells;
    this.#recordings.clear();
    const { subject, parameters, server, build } = plan.experiment;
    const swept = new Set(plan.axes.map(({ name }) => name));
    const conditions = [
      swept.has('server') ? '' : server,
      swept.has('build') || build === null ? '' : `build ${build}`,
      ...assignments(parameters),
    ];
    const atlas: Atlas = {
      workload: subject.name,
      conditions: conditions.filter((text) => text !== '').join(', '),
      axes: plan.axes,
      cells: [],
      cellCount: cells.length,
    };
    const run = runCells(cells, files, (cell, recording) => this.#add(key, cell, recording));
    this.#run = run;
    this.#put(key, { atlas, plan, workers: run.workers, isCancelled: false });
    void run.done.then(() => {
      if (this.#run !== run) return;
      this.#run = null;
      const shown = this.#last?.shown;
      if (shown !== undefined) this.#put(key, { ...shown, workers: 0 });
    });
  }

  /** Shows an atlas that was read from files, which may grow. */
  show(atlas: Atlas): void {
    this.#put(`read ${atlas.workload}`, { atlas, plan: null, workers: 0, isCancelled: false });
  }

  cancel(): void {
    const run = this.#run;
    if (run === null) return;
    this.#run = null;
    run.cancel();
    if (this.#last === null) return;
    this.#put(this.#last.key, { ...this.#last.shown, workers: 0, isCancelled: true });
  }

  /** Hides the atlas. A running sweep continues. */
  hide(): void {
    this.shown.set(null);
  }

  /** Returns the experiment of a cell. */
  cell(number: number): PlannedCell | undefined {
    return this.#cells.find(({ cell }) => cell === number);
  }

  /** Returns the recording of a cell as a file; null if there is none. */
  recording(number: number): Uint8Array | null {
    return this.#recordings.get(number) ?? null;
  }

  #add(key: string, cell: AtlasCell, recording: Uint8Array | null): void {
    const shown = this.#last?.shown;
    if (this.#last?.key !== key || shown === undefined) return;
    if (recording !== null) this.#recordings.set(cell.cell, recording);
    const cells = [...shown.atlas.cells, cell].sort((a, b) => a.cell - b.cell);
    this.#put(key, { ...shown, atlas: { ...shown.atlas, cells } });
  }

  #put(key: string, shown: ShownSweep): void {
    const isVisible = this.shown.get() === this.#last?.shown || this.#last?.key !== key;
    this.#last = { key, shown };
    if (isVisible) this.shown.set(shown);
  }
}
