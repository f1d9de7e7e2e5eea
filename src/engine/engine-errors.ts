import type { Snapshot } from './snapshot.js';

/** The base of all errors of an engine. `snapshots` are those taken in the failing chunk before the failure. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';
  snapshots: readonly Snapshot[] = [];
}

/** The stream is malformed at `position`; the operations before it were replayed. */
export class StreamError extends EngineError {
  override readonly name = 'StreamError';
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
  }
}

/** The simulated address space, or the engine's own memory, is exhausted at `position`. */
export class OutOfMemoryError extends EngineError {
  override readonly name = 'OutOfMemoryError';
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
  }
}

/** The ledger and jemalloc disagree. This is a defect of slablab, never of the input. */
export class ReconciliationError extends EngineError {
  override readonly name = 'ReconciliationError';
}

/** The allocator refused its configuration string, or the build does not exist. */
export class BootError extends EngineError {
  override readonly name = 'BootError';
}
