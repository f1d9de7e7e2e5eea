import { InputError } from '../src/base/index.js';
import { nameOfCell } from '../src/report/index.js';
import { Address } from './address.js';
import { FIRST_ATLAS } from './atlas/atlas-state.js';
import { mountAtlas } from './atlas/atlas-view.js';
import { type OpenCell, readCell } from './atlas/grow-atlas.js';
import { cellsOnHost, isSweep, readSweep } from './atlas/read-sweep.js';
import { type Experiment, FIRST_EXPERIMENT, workloadOf } from './experiment.js';
import type { LabRun } from './explain/beside-lab.js';
import type { ExplainView } from './explain/explain-view.js';
import { GivenFiles } from './files/open-files.js';
import { fetched, singlePage } from './files/opened.js';
import { isReportText } from './files/report-text.js';
import { experimentOf } from './files/result-file.js';
import { keepMoment } from './keep-selected-frame.js';
import type { Link } from './link.js';
import { Messages } from './messages.js';
import { keepForOffline } from './offline.js';
import { createRecordings } from './recordings.js';
import { Session, type Side } from './session.js';
import { controls } from './shell/controls.js';
import { fileChooser } from './shell/file-chooser.js';
import { header } from './shell/header.js';
import { introduction } from './shell/intro.js';
import { licences } from './shell/licences.js';
import { messagesView } from './shell/messages-view.js';
import { placeholder } from './shell/placeholder.js';
import { createView } from './state.js';
import { Store } from './store.js';
import { axesOf, axisTexts, type SweepPlan } from './sweep/plan.js';
import { Sweeps } from './sweep/sweeps.js';
import { element } from './view/dom/element.js';
import { type Change, mountView } from './view/index.js';
import { partsOf } from './view/moment.js';

const messages = new Messages();
const recordings = createRecordings();
const view = createView();
const session = new Session(recordings, messages);
const sweeps = new Sweeps();
const atlas = new Store(FIRST_ATLAS);
const given = new GivenFiles(session, (experiment) => panel.show(experiment), forget, explainText, openSweep);
const panel = controls(session, given, forget, startSweep);
const intro = introduction();
const chooser = fileChooser(given);
const picture = element('div', { class: 'view' });
/** The recordings of a sweep that was read from files. */
let cellsRead: { readonly name: string; readonly open: OpenCell } | null = null;

document.body.append(
  header({
    session,
    sweeps,
    messages,
    intro,
    files: chooser,
    openControls: panel.open,
    openSweep: panel.openSweep,
  }),
  element(
    'main',
    { id: 'main' },
    intro,
    messagesView(messages),
    picture,
    placeholder(session, sweeps, panel.open, () => chooser.querySelector('input')?.click()),
  ),
  panel.root,
  licences(element('a', { href: './THIRD-PARTY-NOTICES.txt' }, 'Licences')),
);
keepMoment(recordings, view);
recordings.subscribe(([now], [before]) => {
  // A recording takes the place of an atlas.
  if (now !== undefined) sweeps.hide();
  // A recording says itself what was run.
  const isOther = now !== undefined && now.title !== before?.title;
  if (!isOther || session.experiments.get()[0] !== null) return;
  const experiment = experimentOf(now.recording.about);
  if (workloadOf(experiment) !== undefined) panel.show(experiment);
});
mountView(picture, {
  view,
  recordings,
  runBeside,
  close: (side) => session.close(side),
  running: session.running,
  changeRun: panel.open,
  singlePage: template,
});
mountAtlas(picture, {
  shown: sweeps.shown,
  state: atlas,
  open: openCells,
  cancel: () => sweeps.cancel(),
  page: { template, recording: recordingOfCell },
});

keepForOffline();
const address = new Address(session, view, sweeps, atlas, follow);
follow(address.read());

/**
 * Gives the console the stores: `slablab.recordings.get()[0].recording.result` is the output of `slablab run --json`.
 */
Object.assign(globalThis, { slablab: { session, recordings, view, sweeps } });

/** Shows the experiments and the view of a link; an empty link shows the first experiment. */
function follow({ experiments, open, view: state, axes, atlas: atlasState, ignored }: Link): void {
  messages.clear();
  if (ignored.length > 0)
    messages.note(`The link has parts that mean nothing here, and were ignored: ${ignored.join('; ')}`);
  view.set(state);
  atlas.set(atlasState);
  const [first = FIRST_EXPERIMENT, second] = experiments;
  panel.show(first);
  panel.showAxes(axes);
  const wanted = open ?? (experiments.length === 0 ? offered() : null);
  if (wanted !== null) openOnHost(wanted);
  else if (axes.length > 0) followAxes(first, axes);
  else begin(first, 0);
  if (second !== undefined) begin(second, 1);
  else if (session.experiments.get().length > 1) session.close(1);
}

/** Returns the file that the page's host offers to show; null if it offers none. */
function offered(): string | null {
  return document.querySelector<HTMLMetaElement>('meta[name="slablab-open"]')?.content ?? null;
}

function openOnHost(name: string): void {
  if (!isSweep(name)) {
    void session.open(name);
    return;
  }
  void attempted(async () => {
    const text = await fetched(name);
    await openSweep(name, text, cellsOnHost(name), name);
  });
}

function followAxes(experiment: Experiment, texts: readonly string[]): void {
  void attempted(async () => startSweep({ experiment, axes: axesOf(experiment, texts) }));
}

/** Does something with what a reader gave. An expected error becomes a message. */
async function attempted(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    messages.error(error.message);
  }
}

/** Returns the page in one file; null if it cannot be had, which a message says. */
async function template(): Promise<string | null> {
  let page: string | null = null;
  await attempted(async () => {
    page = await singlePage();
  });
  return page;
}

/** Returns the recording of a cell of the shown sweep, which ran here or was read. */
async function recordingOfCell(cell: number): Promise<Uint8Array | null> {
  if (sweeps.shown.get()?.plan !== null) return sweeps.recording(cell);
  const stream = (await cellsRead?.open(cell)) ?? null;
  return stream === null ? null : new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Runs a sweep in the place of what is shown. */
function startSweep(plan: SweepPlan): void {
  messages.clear();
  panel.showAxes(plan.axes.flatMap(axisTexts));
  const files = given.of(plan.experiment);
  const { kind, name } = plan.experiment.subject;
  if (kind === 'file' && files.length === 0) {
    messages.note(`The sweep is of the file ${name}: open the file here, and sweep it again`);
    return;
  }
  session.clear();
  sweeps.start(plan, files);
}

/** Shows a sweep of the command line. `opened` is its name on the page's host, for the link. */
async function openSweep(
  name: string,
  text: string,
  open: OpenCell,
  opened: string | null = null,
): Promise<void> {
  session.clear();
  session.opened.set(opened);
  cellsRead = { name, open };
  await readSweep(name, text, open, (grown) => {
    if (cellsRead?.open === open) sweeps.show(grown);
  });
}

let explanation: ExplainView | null = null;

/** Explains what a real server printed, above what is shown. Few visits need this, so it is loaded when one does. */
async function explainText(name: string, text: string): Promise<void> {
  const { explainView } = await import('./explain/explain-view.js');
  if (explanation === null) {
    explanation = explainView(() => explanation?.hide());
    picture.prepend(explanation.root);
  }
  explanation.show(name, text);
  explanation.beside(labRun());
  explanation.root.scrollIntoView({ block: 'start' });
}

recordings.subscribe(() => explanation?.beside(labRun()));

/** Returns the whole run of a file that is shown, to stand beside its server; null if none is. */
function labRun(): LabRun | null {
  const [shown] = recordings.get();
  const [experiment] = session.experiments.get();
  const frame = shown?.recording.frames.at(-1);
  if (experiment?.subject.kind !== 'file' || shown === undefined || shown.isGrowing || frame === undefined)
    return null;
  return {
    name: shown.title,
    used: frame.snapshot.memory.usedMemory,
    parts: partsOf(frame, shown.recording),
  };
}

addEventListener('paste', (event) => {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  const isInField = event.target instanceof Element && event.target.closest('input, textarea') !== null;
  if (isInField || !isReportText(text)) return;
  event.preventDefault();
  messages.clear();
  void attempted(() => explainText('pasted text', text));
});

/** Opens cells of an atlas as runs, the second beside the first. */
function openCells(cells: readonly number[]): void {
  const shown = sweeps.shown.get();
  if (shown === null) return;
  messages.clear();
  forget();
  if (shown.plan !== null) {
    cells.forEach((number, at) => {
      const experiment = sweeps.cell(number)?.experiment;
      if (experiment === undefined) return;
      const whole = { ...experiment, hasOwners: true, sweepEvery: null };
      if (at === 0) panel.show(whole);
      begin(whole, at as Side);
    });
    return;
  }
  const read = cellsRead;
  if (read === null) return;
  void attempted(async () => {
    for (const [at, number] of cells.entries()) {
      const recording = await readCell(read.name, number, read.open);
      if (recording === null)
        throw new InputError(`cell ${number} has no recording beside the sweep's result`);
      session.show({ title: nameOfCell(read.name, number), recording, isGrowing: false }, at as Side);
    }
  });
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
function runBeside({ conf, parameters, steps }: Change): void {
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
      steps: [...experiment.steps, ...(steps ?? [])],
    },
    1,
  );
}
