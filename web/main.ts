import { Address } from './address.js';
import { type Experiment, FIRST_EXPERIMENT, workloadOf } from './experiment.js';
import { GivenFiles } from './files/open-files.js';
import { experimentOf } from './files/result-file.js';
import { keepMoment } from './keep-selected-frame.js';
import type { Link } from './link.js';
import { Messages } from './messages.js';
import { createRecordings } from './recordings.js';
import { Session, type Side } from './session.js';
import { controls } from './shell/controls.js';
import { fileChooser } from './shell/file-chooser.js';
import { header } from './shell/header.js';
import { introduction } from './shell/intro.js';
import { licences } from './shell/licences.js';
import { messagesView } from './shell/messages-view.js';
import { createView } from './state.js';
import { element } from './view/dom/element.js';
import { type Change, mountView } from './view/index.js';

const messages = new Messages();
const recordings = createRecordings();
const view = createView();
const session = new Session(recordings, messages);
const given = new GivenFiles(session, (experiment) => panel.show(experiment), forget);
const panel = controls(session, given, forget);
const intro = introduction();
const picture = element('div', { class: 'view' });

document.body.append(
  header({ session, messages, intro, files: fileChooser(given), openControls: panel.open }),
  element('main', { id: 'main' }, intro, messagesView(messages), picture),
  panel.root,
  licences(element('a', { href: './THIRD-PARTY-NOTICES.txt' }, 'Licences')),
);
keepMoment(recordings, view);
recordings.subscribe(([now], [before]) => {
  // A recording says itself what was run.
  const isOther = now !== undefined && now.title !== before?.title;
  if (!isOther || session.experiments.get()[0] !== null) return;
  const experiment = experimentOf(now.recording.about);
  if (workloadOf(experiment) !== undefined) panel.show(experiment);
});
mountView(picture, { view, recordings, runBeside, close: (side) => session.close(side) });

const address = new Address(session, view, follow);
follow(address.read());

/**
 * Gives the console the stores: `slablab.recordings.get()[0].recording.result` is the output of `slablab run --json`.
 */
Object.assign(globalThis, { slablab: { session, recordings, view } });

/** Shows the experiments and the view of a link; an empty link shows the first experiment. */
function follow({ experiments, open, view: state, ignored }: Link): void {
  messages.clear();
  if (ignored.length > 0)
    messages.note(`The link has parts that mean nothing here, and were ignored: ${ignored.join('; ')}`);
  view.set(state);
  const [first = FIRST_EXPERIMENT, second] = experiments;
  panel.show(first);
  if (open !== null) void session.open(open);
  else begin(first, 0);
  if (second !== undefined) begin(second, 1);
  else if (session.experiments.get().length > 1) session.close(1);
}

function begin(experiment: Experiment, side: Side): void {
  const files = given.of(experiment);
  const { kind, name } = experiment.subject;
  if (kind === 'file' && files.length === 0) {
    messages.note(
      `The link is of the file ${name}, which is on the machine that it was made on: open the file here to see the same`,
    );
  } else void session.start(experiment, side, files);
}

/** Forgets what was chosen on the map of another subject. */
function forget(): void {
  view.change({ selected: null, classes: [], owners: [], states: [], frame: null, before: null, zoom: null });
}

/** Runs the shown experiment with a change beside it. */
function runBeside({ conf, parameters }: Change): void {
  const [experiment] = session.experiments.get();
  if (experiment == null) {
    messages.note('A recording cannot be run again here: open what it was made from, or choose its workload');
    return;
  }
  messages.clear();
  begin(
    {
      ...experiment,
      conf: [experiment.conf, conf ?? ''].filter((text) => text !== '').join(','),
      parameters: { ...experiment.parameters, ...parameters },
    },
    1,
  );
}
