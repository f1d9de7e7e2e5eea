import type { Experiment } from '../experiment.js';
import type { GivenFiles } from '../files/open-files.js';
import type { Session } from '../session.js';
import { element } from '../view/dom/element.js';
import { fileChooser } from './file-chooser.js';
import { ExperimentForm } from './form/experiment-form.js';

/** Screens up to this width start with the controls closed, since they would hide the map. */
const NARROW = '(max-width: 60rem)';

/** Returns the panel of controls: the next experiment, and the files to open instead. */
export function controls(
  session: Session,
  given: GivenFiles,
): { root: HTMLElement; show: (experiment: Experiment) => void } {
  const form = new ExperimentForm(session, (experiment) => given.of(experiment));
  const panel = element(
    'details',
    { class: 'controls' },
    element('summary', {}, 'Experiment'),
    form.root,
    fileChooser(given),
  );
  const narrow = matchMedia(NARROW);
  const follow = () => {
    panel.open = !narrow.matches;
  };
  narrow.addEventListener('change', follow);
  follow();
  return { root: panel, show: (experiment) => form.show(experiment) };
}
