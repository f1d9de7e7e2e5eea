import type { BuildInfo } from '../../src/engine/index.js';
import type { Frame } from '../../src/recording/index.js';
import type { RunHeader, RunResult } from '../../src/run/index.js';
import type { Experiment } from '../experiment.js';

export interface LabRequest {
  readonly experiment: Experiment;
  /** Address of the WebAssembly of its build. */
  readonly wasmUrl: string;
  /** What the page was given, if the experiment is of a file: that one, or those of a directory. */
  readonly files: readonly GivenFile[];
}

export interface GivenFile {
  /** As it was in its directory: `appendonlydir/appendonly.aof.manifest`. */
  readonly path: string;
  readonly file: File;
}

/** Called on the page as the run goes on, in this order. */
export interface LabListener {
  begin(about: RunHeader, info: BuildInfo): void;
  frame(frame: Frame): void;
  /** Share of the run that is done, where that can be told, and operations so far. */
  progress(share: number | null, operations: number): void;
}

export interface LabFailure {
  /** InputError, BootError, OutOfMemoryError, …; `defect` for what should not happen. */
  readonly name: string;
  readonly message: string;
}

export interface LabOutcome {
  /** Null if the run never began. */
  readonly result: RunResult | null;
  readonly failure: LabFailure | null;
  readonly notes: readonly string[];
}

export interface LabService {
  /**
   * Takes the lock that has the worker's name, and keeps it: whoever gets it afterwards knows that the worker has ended,
   * of whatever. False where the browser has no locks, as on a page that does not come by https.
   */
  hold(): Promise<boolean>;
  run(request: LabRequest, listener: LabListener): Promise<LabOutcome>;
}
