import type { Experiment } from '../experiment.js';
import type { GivenFiles } from '../files/open-files.js';
import type { Session } from '../session.js';
import { element } from '../view/dom/element.js';
import { fileChooser } from './file-chooser.js';
import { ExperimentForm } from './form/experiment-form.js';

/** Below this the controls would hide what they are for. */
const NARROW = '(max-width: 60rem)';

/** The experiment: what is run next, and files to look at instead. */
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
