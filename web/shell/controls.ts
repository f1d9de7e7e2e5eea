import type { Experiment } from '../experiment.js';
import type { GivenFiles } from '../files/open-files.js';
import type { Session } from '../session.js';
import type { SweepPlan } from '../sweep/plan.js';
import { drawer } from './drawer.js';
import { ExperimentForm } from './form/experiment-form.js';
import { runBar } from './run-bar.js';

export interface Controls {
  readonly root: HTMLElement;
  open(): void;
  /** Opens the drawer at the axes of a sweep. */
  openSweep(): void;
  show(experiment: Experiment): void;
  showAxes(lines: readonly string[]): void;
}

/** Returns the drawer of the next experiment, with the runs that are shown now. */
export function controls(
  session: Session,
  given: GivenFiles,
  onOther: () => void,
  onSweep: (plan: SweepPlan) => void,
): Controls {
  const form = new ExperimentForm(session, (experiment) => given.of(experiment));
  const panel = drawer('Experiment', runBar(session), form.root);
  form.onStart(({ subject }, side) => {
    panel.close();
    if (side === 0 && subject.name !== session.recordings.get()[0]?.title) onOther();
  });
  form.onSweep((plan) => {
    panel.close();
    onSweep(plan);
  });
  // The fault stands at the field that has it.
  session.refusedConf.subscribe((fault) => {
    if (fault !== null) panel.open();
  });
  return {
    root: panel.root,
    open: () => panel.open(),
    openSweep: () => {
      panel.open();
      form.unfoldSweep();
    },
    show: (experiment) => form.show(experiment),
    showAxes: (lines) => form.showAxes(lines),
  };
}
