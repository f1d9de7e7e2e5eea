/** Opens the files given to the page, each by its kind. None of them leaves the machine. */

import { InputError, MIB } from '../../src/base/index.js';
import { EngineError } from '../../src/engine/index.js';
import type { OpenCell } from '../atlas/grow-atlas.js';
import { isSweep } from '../atlas/read-sweep.js';
import { type Experiment, FIRST_EXPERIMENT } from '../experiment.js';
import type { GivenFile } from '../lab/service.js';
import type { Session, Side } from '../session.js';
import { isRecording, readRecordingFile } from './recording-file.js';
import { isReport } from './report-text.js';
import { experimentOf, isResult, LACK, readRun } from './result-file.js';
import { unpacked } from './unpack.js';

/** Limit for a JSON file: a result of the largest grid is far below it. */
const MAX_JSON_BYTES = 256 * MIB;

/** Shows on a side what a file has. */
type Open = (side: Side) => void;

export class GivenFiles {
  /** Files of each subject of kind `file`, by its name. */
  readonly #subjects = new Map<string, readonly GivenFile[]>();

  constructor(
    private readonly session: Session,
    private readonly onExperiment: (experiment: Experiment) => void,
    /** Called before the first side shows another subject. */
    private readonly onOther: () => void,
    /** Called with a text that a server printed about its memory. */
    private readonly onReport: (name: string, text: string) => Promise<void>,
    /** Called with a sweep of the command line: its result, and a reader of its cells. */
    private readonly onSweep: (name: string, text: string, open: OpenCell) => Promise<void>,
  ) {}

  /** Returns the files that an experiment reads; none for a workload. */
  of({ subject }: Experiment): readonly GivenFile[] {
    return (subject.kind === 'file' ? this.#subjects.get(subject.name) : undefined) ?? [];
  }

  /** Opens files that were dropped or chosen together. An expected error becomes a message. */
  async open(files: readonly GivenFile[]): Promise<void> {
    this.session.messages.clear();
    try {
      await this.#open(await Promise.all(files.map((given) => unpacked(given, this.session.messages))));
    } catch (error) {
      if (!(error instanceof InputError || error instanceof EngineError || error instanceof RangeError))
        throw error;
      this.session.messages.error(error instanceof RangeError ? tooLarge(files, error) : error.message);
    }
  }

  async #open(all: readonly GivenFile[]): Promise<void> {
    const files = await this.#withoutReports(all);
    if (files.length === 0) return;
    const sweep = files.find(({ path }) => isSweep(path));
    if (sweep !== undefined) {
      const { path, file } = sweep;
      return this.onSweep(path, await file.text(), cellsAmong(files));
    }
    const manifest = files.find(({ path }) => path.endsWith('.manifest'));
    if (manifest !== undefined) {
      const show = await this.#run(manifest.path, files);
      return show(0);
    }
    if (files.length > 2) {
      const names = files.map(({ path }) => path).join(', ');
      throw new InputError(
        `${files.length} files (${names}): give one, two to see side by side, or all files of an appendonlydir, its manifest included`,
      );
    }
    // To look into a file ends what runs, so both are looked into before the first is run.
    const opened: Open[] = [];
    for (const given of files) opened.push(await this.#look(given));
    opened.forEach((show, side) => {
      show(side as Side);
    });
  }

  /** Explains what a server printed, all of it together, and returns the other files. */
  async #withoutReports(files: readonly GivenFile[]): Promise<readonly GivenFile[]> {
    const areReports = await Promise.all(files.map(({ file }) => isReport(file)));
    const reports = files.filter((_, at) => areReports[at]);
    if (reports.length === 0) return files;
    const texts = await Promise.all(reports.map(({ file }) => file.text()));
    await this.onReport(reports.map(({ path }) => path).join(' and '), texts.join('\n'));
    return files.filter((_, at) => !areReports[at]);
  }

  async #look(given: GivenFile): Promise<Open> {
    const { path, file } = given;
    if (await isRecording(path, file)) {
      const shown = await readRecordingFile(path, file, this.session.messages);
      return (side) => {
        if (side === 0) this.onOther();
        this.session.show(shown, side);
      };
    }
    return /\.json$/i.test(path) ? this.#lookAtJson(given) : this.#run(path, [given]);
  }

  async #lookAtJson(given: GivenFile): Promise<Open> {
    const { path, file } = given;
    if (file.size > MAX_JSON_BYTES) {
      throw new InputError(
        `${path}: ${file.size} bytes are too many for a result; give a recording (.slabs), or a file of commands`,
      );
    }
    const text = await file.text();
    // JSON that is no result is read as the declaration of a workload.
    return isResult(text) ? this.#runAgain(path, text) : this.#run(path, [given]);
  }

  /** Repeats the run of a result: a result has figures and no slabs, and runs are deterministic. */
  #runAgain(path: string, text: string): Open {
    const result = readRun(path, text);
    this.session.messages.note(
      `${path} has ${LACK}. It says what was run: the same runs again here. (\`slablab run --out DIR\` writes a ` +
        'recording, .slabs, beside the result.)',
    );
    const hasOwners = result.phases.some(({ owners }) => owners !== undefined);
    return this.#starting(experimentOf(result, hasOwners), []);
  }

  async #run(name: string, files: readonly GivenFile[]): Promise<Open> {
    const { note, ...setup } = await this.session.setupNamedIn(name, files);
    if (note !== undefined) this.session.messages.note(note);
    this.#subjects.set(name, files);
    return this.#starting({ ...FIRST_EXPERIMENT, ...setup, subject: { kind: 'file', name } }, files);
  }

  #starting(experiment: Experiment, files: readonly GivenFile[]): Open {
    return (side) => {
      if (side === 0) {
        this.onOther();
        this.onExperiment(experiment);
      }
      void this.session.start(experiment, side, files);
    };
  }
}

/** Returns a reader of the cells among files, which are named by their numbers. */
function cellsAmong(files: readonly GivenFile[]): OpenCell {
  return async (cell) => {
    const found = files.find(({ path }) => new RegExp(`(^|/)${cell}\\.slabs$`).test(path));
    return found === undefined ? null : found.file.stream();
  };
}

function tooLarge(files: readonly GivenFile[], error: RangeError): string {
  const names = files.map(({ path }) => path).join(', ');
  return `${names}: too large for this browser's memory (${error.message}); look at it on the command line: slablab map`;
}
