import type { RedisServer } from '../model/index.js';
import type { PhaseChange, PhaseResult } from '../run/index.js';
import { onServer } from './on-server.js';
import type { ServerProcess } from './setup.js';
import type { Step } from './step.js';

/** The costs of a step. */
export type StepCosts = Pick<PhaseChange, 'sent' | 'tookMs' | 'copiedBytes' | 'notes'>;

type Facts = Required<Pick<PhaseResult, 'keys' | 'change'>>;

/** Keeps what the model knows at the end of each phase. It runs ahead of the replay, which makes the phases. */
export class Chronicle {
  /** The server of the last process that has begun. */
  server: RedisServer | undefined;
  /** The name of the input. */
  input = '';
  /** Bytes of the data set that the last process has loaded. */
  loadedBytes = 0;
  readonly #facts = new Map<string, Facts>();
  #keysBefore: number | undefined;
  #process: ServerProcess | undefined;
  #number = 0;
  #settings: PhaseChange['settings'] = {};
  /** Whether a process ended with settings that it was not started with. */
  #hasNewSettings = false;
  #names: string[] = [];

  /** Begins a process, whose steps end phases of these names. */
  beginProcess(process: ServerProcess, names: readonly string[]): void {
    this.#hasNewSettings = this.#settings !== (this.#process?.setup.settings ?? this.#settings);
    this.#process = process;
    this.#number++;
    this.#settings = process.setup.settings;
    this.#names = [...names];
  }

  /** Notes the server as it is before the first step, or after the restart that began its process. */
  begun(server: RedisServer): void {
    this.server = server;
    const { startedBy } = this.#process!;
    if (startedBy === undefined) this.#keysBefore = keysOf(server);
    else {
      this.stepDone(startedBy, server, { sent: 0, tookMs: 0, copiedBytes: this.loadedBytes, notes: [] });
    }
  }

  /** Notes the server after a step. */
  stepDone(step: Step, server: RedisServer, costs: StepCosts): void {
    const { setup } = this.#process!;
    if (step.kind === 'set') this.#settings = { ...this.#settings, [step.name]: step.value };
    const { server: version, build, conf } = setup;
    this.#facts.set(this.#names.shift() ?? step.text, {
      keys: keysOf(server),
      change: {
        step: step.text,
        process: this.#number,
        server: version,
        build,
        conf,
        settings: this.#settings,
        ...costs,
        onServer: onServer(step, setup, this.#hasNewSettings),
      },
    });
  }

  /** Returns the phases with what is known of them. */
  withFacts(phases: readonly PhaseResult[]): PhaseResult[] {
    const firstChange = phases.findIndex(({ name }) => this.#facts.has(name));
    const before = firstChange < 0 ? phases.length - 1 : firstChange - 1;
    return phases.map((phase, index) => {
      if (index === before && this.#keysBefore !== undefined) return { ...phase, keys: this.#keysBefore };
      return index < before ? phase : { ...phase, ...this.#facts.get(phase.name) };
    });
  }
}

function keysOf({ databases }: RedisServer): number {
  return databases.reduce((sum, { keys }) => sum + keys.used, 0);
}
