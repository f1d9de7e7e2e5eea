import { InputError } from '../../../src/base/index.js';
import { parseServerSettings, SERVERS } from '../../../src/model/index.js';
import { parseSettings, WORKLOADS } from '../../../workloads/index.js';
import { BUILDS } from '../../builds.js';
import {
  assignments,
  type Experiment,
  HOOK_MODES,
  type HookMode,
  MAX_REST_MS,
  workloadOf,
} from '../../experiment.js';
import type { Session, Side } from '../../session.js';
import { axesOf, type SweepPlan } from '../../sweep/plan.js';
import { element } from '../../view/dom/element.js';
import { choiceOf, type Field, field } from './field.js';
import { ParameterFields } from './parameter-fields.js';
import { sweepFields } from './sweep-fields.js';

const OWN_BUILD = '';
const CONFS = [
  'dirty_decay_ms:0',
  'dirty_decay_ms:0,muzzy_decay_ms:0',
  'dirty_decay_ms:-1',
  'narenas:1',
  'tcache:false',
];

/** The form of an experiment, with two ways to run it: alone, or beside the shown one. */
export class ExperimentForm {
  readonly root = element('form', { class: 'experiment', novalidate: true, 'aria-label': 'Experiment' });
  readonly #workload = field(
    'Workload',
    choiceOf(
      WORKLOADS.map(({ name }) => ({ value: name, text: name })),
      WORKLOADS[0]?.name ?? '',
    ),
    '',
  );
  readonly #about = element('div', { class: 'about' });
  readonly #parameters = new ParameterFields();
  readonly #server = field(
    'Server',
    choiceOf(
      SERVERS.map(({ name }) => ({ value: name, text: name })),
      '',
    ),
    'whose memory is modelled',
  );
  readonly #build = field(
    'jemalloc build',
    choiceOf(buildChoices(), OWN_BUILD),
    'q3, q4: the quantum, 8 or 16 bytes',
  );
  readonly #conf = confField();
  readonly #hooks = field(
    'Hooks',
    choiceOf(
      HOOK_MODES.map((mode) => ({ value: mode, text: mode })),
      'complete',
    ),
    'where allocations are counted: all but `complete` miss some',
  );
  readonly #settings = settingsField();
  readonly #sweepEvery = field(
    'Sweep every',
    element('input', {
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'off',
      placeholder: 'about 40 sweeps',
    }),
    'operations between two sweeps; 0: only at the ends of phases',
  );
  readonly #rest = field(
    'Rest',
    element('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off', placeholder: '0' }),
    'milliseconds of virtual time after the traffic, in which pages decay',
  );
  readonly #owners = ownersBox();
  readonly #sweep = sweepFields(
    () => this.#startSweep(),
    (ms) => {
      if (this.#rest.control.value.trim() === '') this.#rest.control.value = `${ms}`;
    },
  );
  readonly #beside = element('button', { type: 'button' }, 'Run beside');
  readonly #problem = element('p', { class: 'error', role: 'alert', hidden: true });
  /** Subject of the experiment: a file stays the subject, with other settings, until a workload is chosen. */
  #subject: Experiment['subject'] = { kind: 'workload', name: '' };
  #swept: (plan: SweepPlan) => void = () => {};
  #started: (experiment: Experiment, side: Side) => void = () => {};

  constructor(
    private readonly session: Session,
    private readonly filesOf: (experiment: Experiment) => Parameters<Session['start']>[2],
  ) {
    this.#layOut();
    this.#workload.control.addEventListener('change', () => this.#chooseWorkload());
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#start(0);
    });
    this.#beside.addEventListener('click', () => this.#start(1));
    session.refusedConf.subscribe((message) => this.#conf.blame(message));
  }

  /** Calls a listener whenever the form starts a run. */
  onStart(listener: (experiment: Experiment, side: Side) => void): void {
    this.#started = listener;
  }

  /** Calls a listener whenever the form starts a sweep. */
  onSweep(listener: (plan: SweepPlan) => void): void {
    this.#swept = listener;
  }

  showAxes(lines: readonly string[]): void {
    this.#sweep.show(lines);
  }

  /** Brings the axes of a sweep into view. */
  unfoldSweep(): void {
    this.#sweep.unfold();
  }

  show(experiment: Experiment): void {
    this.#subject = experiment.subject;
    this.#workload.control.value = experiment.subject.kind === 'workload' ? experiment.subject.name : '';
    this.#parameters.show(workloadOf(experiment), experiment.parameters);
    this.#describe();
    this.#server.control.value = experiment.server;
    this.#build.control.value = experiment.build ?? OWN_BUILD;
    this.#conf.control.value = experiment.conf;
    this.#hooks.control.value = experiment.hooks;
    this.#settings.control.value = assignments(experiment.settings).join('\n');
    this.#sweepEvery.control.value = experiment.sweepEvery === null ? '' : `${experiment.sweepEvery}`;
    this.#rest.control.value = experiment.restMs === 0 ? '' : `${experiment.restMs}`;
    this.#owners.box.checked = experiment.hasOwners;
  }

  /** Returns the experiment; undefined if a field is invalid, with the fault shown. */
  read(): Experiment | undefined {
    const parameters = this.#parameters.read();
    const sweepEvery = this.#readSweepEvery();
    const settings = this.#readSettings();
    const restMs = this.#readRest();
    if (parameters === undefined || sweepEvery === undefined || settings === undefined) return undefined;
    if (restMs === undefined) return undefined;
    const build = this.#build.control.value;
    const experiment: Experiment = {
      subject: this.#subject,
      parameters,
      server: this.#server.control.value,
      build: build === OWN_BUILD ? null : build,
      conf: this.#conf.control.value.trim(),
      hooks: this.#hooks.control.value as HookMode,
      settings,
      hasOwners: this.#owners.box.checked,
      sweepEvery,
      restMs,
      steps: [],
    };
    return this.#goesTogether(experiment) ? experiment : undefined;
  }

  #start(side: Side): void {
    const experiment = this.read();
    if (experiment === undefined) {
      this.root.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    this.session.messages.clear();
    this.#started(experiment, side);
    void this.session.start(experiment, side, this.filesOf(experiment));
  }

  #startSweep(): void {
    const experiment = this.read();
    if (experiment === undefined) return;
    try {
      const lines = this.#sweep.read();
      if (lines.length === 0) throw new InputError('nothing to vary: write an axis, or choose a preset');
      const axes = axesOf(experiment, lines);
      this.#sweep.blame(null);
      this.#swept({ experiment, axes });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#sweep.blame(error.message.replace(/^--axis /, ''));
    }
  }

  #chooseWorkload(): void {
    this.#subject = { kind: 'workload', name: this.#workload.control.value };
    const workload = WORKLOADS.find(({ name }) => name === this.#subject.name);
    this.#parameters.show(workload, {});
    this.#describe();
  }

  #describe(): void {
    const workload = WORKLOADS.find(({ name }) => name === this.#subject.name);
    if (this.#subject.kind === 'file') {
      this.#about.replaceChildren(
        element('p', {}, 'Of the file ', element('strong', {}, this.#subject.name), '.'),
      );
    } else if (workload !== undefined) {
      this.#about.replaceChildren(
        element('p', {}, `${workload.summary}.`),
        element(
          'details',
          {},
          element('summary', {}, 'What it is known to show'),
          element('p', {}, workload.shows),
        ),
      );
    }
  }

  #readSweepEvery(): number | null | undefined {
    const text = this.#sweepEvery.control.value.trim();
    const isValid = /^(|0|[1-9]\d{0,14})$/.test(text);
    this.#sweepEvery.blame(isValid ? null : 'must be a whole number of operations, or empty');
    if (!isValid) return undefined;
    return text === '' ? null : Number(text);
  }

  #readRest(): number | undefined {
    const text = this.#rest.control.value.trim();
    const isValid = /^\d{0,8}$/.test(text) && Number(text) <= MAX_REST_MS;
    this.#rest.blame(isValid ? null : `must be a whole number of milliseconds, at most ${MAX_REST_MS}`);
    return isValid ? Number(text) : undefined;
  }

  #readSettings(): Readonly<Record<string, string>> | undefined {
    const texts = this.#settings.control.value
      .split('\n')
      .map((line) => line.trim().replace(/^(\S+)\s*[= ]\s*/, '$1='));
    const given = texts.filter((text) => text !== '');
    try {
      parseServerSettings(given);
      this.#settings.blame(null);
      return Object.fromEntries(
        given.map((text) => [
          text.slice(0, text.indexOf('=')).toLowerCase(),
          text.slice(text.indexOf('=') + 1),
        ]),
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#settings.blame(error.message.replace(/^--set /, ''));
      return undefined;
    }
  }

  /** Whether the values are valid together: each can be in range and the combination invalid. */
  #goesTogether(experiment: Experiment): boolean {
    const workload = workloadOf(experiment);
    try {
      workload?.check(parseSettings(workload.parameters, assignments(experiment.parameters)));
      this.#problem.hidden = true;
      return true;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#problem.textContent = error.message;
      this.#problem.hidden = false;
      return false;
    }
  }

  #layOut(): void {
    const fields = (title: string, ...parts: (Field | { root: HTMLElement })[]) =>
      element('fieldset', {}, element('legend', {}, title), ...parts.map(({ root }) => root));
    this.root.append(
      fields('Traffic', this.#workload, { root: this.#about }, this.#parameters),
      fields('Server and allocator', this.#server, this.#build, this.#conf),
      element(
        'details',
        { class: 'more' },
        element('summary', {}, 'More'),
        this.#settings.root,
        this.#sweepEvery.root,
        this.#rest.root,
        this.#owners.root,
        this.#hooks.root,
      ),
      this.#sweep.root,
      this.#problem,
      element(
        'div',
        { class: 'actions' },
        element('button', { type: 'submit', class: 'primary' }, 'Run'),
        this.#beside,
      ),
    );
  }
}

function buildChoices(): { value: string; text: string }[] {
  return [
    { value: OWN_BUILD, text: "the server's own" },
    ...BUILDS.map((name) => ({ value: name, text: name })),
  ];
}

function confField(): Field {
  const list = element(
    'datalist',
    { id: 'known-confs' },
    ...CONFS.map((value) => element('option', { value })),
  );
  const control = element('input', {
    type: 'text',
    list: list.id,
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'dirty_decay_ms:0',
  });
  const made = field(
    'Configuration',
    control,
    "jemalloc's own words, as in MALLOC_CONF; empty: its defaults",
  );
  made.root.append(list);
  return made;
}

function settingsField(): Field {
  const control = element('textarea', { rows: 2, spellcheck: 'false', placeholder: 'maxmemory=100mb' });
  return field('Settings of the server', control, 'as in redis.conf, one a line');
}

function ownersBox(): { root: HTMLElement; box: HTMLInputElement } {
  const box = element('input', { type: 'checkbox' });
  const root = element('label', { class: 'check' }, box, ' Owners: keep account of who lives in each slab');
  return { root, box };
}
