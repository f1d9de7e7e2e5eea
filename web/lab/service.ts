/** The interface of the lab's worker. It has values only, since they cross to the page and back. */
import type { BuildInfo } from '../../src/engine/index.js';
import type { CellMap } from '../../src/map/index.js';
import type { Frame } from '../../src/recording/index.js';
import type { RunHeader, RunResult } from '../../src/run/index.js';
import type { Experiment } from '../experiment.js';

export interface LabRequest {
  readonly experiment: Experiment;
  /** Address of the WebAssembly module of the experiment's build. */
  readonly wasmUrl: string;
  /** Addresses of the modules of all builds in the page, for processes with another one. */
  readonly wasmUrls: Readonly<Record<string, string>>;
  /** Files of an experiment of kind `file`: that file, or those of its directory. */
  readonly files: readonly GivenFile[];
}

export interface GivenFile {
  /** Path as in its directory: `appendonlydir/appendonly.aof.manifest`. */
  readonly path: string;
  readonly file: File;
}

/** Receives the events of a run on the page, `begin` first. */
export interface LabListener {
  begin(about: RunHeader, info: BuildInfo): void;
  frame(frame: Frame): void;
  /** Reports the share of the run that is done, null if it is unknown, and the operations so far. */
  progress(share: number | null, operations: number): void;
}

export interface LabFailure {
  /** Name of the error: InputError, BootError, OutOfMemoryError, …; `defect` for an unexpected one. */
  readonly name: string;
  readonly message: string;
}

export interface LabOutcome {
  /** Null if an error prevented the run or its findings. */
  readonly result: RunResult | null;
  readonly failure: LabFailure | null;
  readonly notes: readonly string[];
}

/** A cell of a sweep: its result, and the map of its end. */
export interface CellOutcome extends LabOutcome {
  /** Null if nothing was measured, as the recording. */
  readonly map: CellMap | null;
  /** The recording of the cell as a file, for those who take it along. */
  readonly recording: Uint8Array<ArrayBuffer> | null;
}

/** The setup that a file names: its server's, or that of the program that it was recorded from. It may be empty. */
export interface NamedSetup extends Partial<Pick<Experiment, 'server' | 'build' | 'conf'>> {
  readonly note?: string;
}

export interface LabService {
  /**
   * Takes the lock with the worker's name and keeps it: the next holder of the lock knows that the worker has ended.
   * Returns false where the browser has no locks, as on a page without https.
   */
  hold(): Promise<boolean>;
  run(request: LabRequest, listener: LabListener): Promise<LabOutcome>;
  setupNamedIn(name: string, files: readonly GivenFile[]): Promise<NamedSetup>;
  /** Runs an experiment of which only the end is shown. Its snapshots stay in the worker. */
  cell(request: LabRequest): Promise<CellOutcome>;
}
