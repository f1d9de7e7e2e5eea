/** The page's side of the lab: one worker at a time, which can be cancelled or die without harm to the page. */
import { proxy, wrap } from 'comlink';
import type {
  CellOutcome,
  GivenFile,
  LabListener,
  LabOutcome,
  LabRequest,
  LabService,
  NamedSetup,
} from './service.js';
import LabWorker from './worker.js?worker';

/** Reports that `cancel` ended the run. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** Reports that the worker no longer exists; the next run makes a new one. */
export class WorkerDiedError extends Error {
  override readonly name = 'WorkerDiedError';
}

interface Hands {
  readonly worker: Worker;
  readonly service: Pick<LabService, 'run' | 'cell' | 'setupNamedIn'>;
  /** Settles once the end of the worker will be noticed. */
  readonly watched: Promise<void>;
  /** Settles with the reason when the worker ends, by itself or by `end`. */
  readonly ended: Promise<Error>;
  readonly end: (reason: Error) => void;
}

let workers = 0;

export class Lab {
  #hands: Hands | undefined;

  /** Makes the worker early, since it takes a while to load. */
  prepare(): void {
    this.#hands ??= this.#employ();
  }

  run(request: LabRequest, listener: LabListener): Promise<LabOutcome> {
    return this.#ask((service) => service.run(request, proxy(listener)));
  }

  /** Runs a cell of a sweep. */
  cell(request: LabRequest): Promise<CellOutcome> {
    return this.#ask((service) => service.cell(request));
  }

  setupNamedIn(name: string, files: readonly GivenFile[]): Promise<NamedSetup> {
    return this.#ask((service) => service.setupNamedIn(name, files));
  }

  /** Ends the worker. */
  stop(): void {
    this.#hands?.end(new CancelledError('cancelled'));
  }

  async #ask<Answer>(question: (service: Hands['service']) => Promise<Answer>): Promise<Answer> {
    this.prepare();
    const { service, watched, ended } = this.#hands!;
    // A busy worker has no time to take its lock, so the run starts after that.
    const running = watched.then(() => question(service));
    const outcome = await Promise.race([running, ended]);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  cancel(): void {
    this.#hands?.end(new CancelledError('cancelled'));
    this.prepare();
  }

  #employ(): Hands {
    workers++;
    const lock = `slablab-lab-${performance.timeOrigin}-${workers}`;
    const worker = new LabWorker({ name: lock });
    let end: (reason: Error) => void = () => {};
    const ended = new Promise<Error>((resolve) => {
      end = (reason) => {
        worker.terminate();
        if (this.#hands?.worker === worker) this.#hands = undefined;
        resolve(reason);
      };
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      end(new WorkerDiedError(event.message || 'its script cannot be loaded'));
    });
    const service = wrap<LabService>(worker) as unknown as LabService;
    const watched = watch(lock, service, () => end(new WorkerDiedError('the browser has ended it')));
    return { worker, service, watched, ended, end };
  }
}

/**
 * Detects a worker that the browser ends, for want of memory for example: no event reports that, but its lock is
 * released.
 */
async function watch(lock: string, service: LabService, onEnd: () => void): Promise<void> {
  if (await service.hold()) void navigator.locks.request(lock, onEnd);
}
