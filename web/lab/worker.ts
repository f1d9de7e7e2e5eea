/** Runs experiments in a web worker. */
import { expose, type Remote, releaseProxy, transfer } from 'comlink';
import { runCell } from './run-cell.js';
import { runExperiment } from './run-experiment.js';
import type { LabListener, LabService } from './service.js';
import { setupNamedIn } from './setup-named-in.js';
import { buffersOf } from './transfer.js';

const service: LabService = {
  hold: () =>
    new Promise((resolve) => {
      const { locks } = navigator;
      if (locks === undefined) resolve(false);
      else
        void locks.request(self.name, () => {
          resolve(true);
          return new Promise(() => {});
        });
    }),
  run: async (request, given) => {
    const listener = given as unknown as Remote<LabListener>;
    const told: Promise<void>[] = [];
    try {
      const outcome = await runExperiment(request, {
        begin: (about, info) => void told.push(listener.begin(about, info)),
        frame: (frame) => void told.push(listener.frame(transfer(frame, buffersOf(frame)))),
        progress: (share, operations) => void told.push(listener.progress(share, operations)),
      });
      // The listener has a port of its own, so the outcome waits until its calls have arrived.
      await Promise.all(told);
      return outcome;
    } finally {
      listener[releaseProxy]();
    }
  },
  setupNamedIn,
  cell: async (request) => {
    const outcome = await runCell(request);
    return transfer(outcome, buffersOf([outcome.map, outcome.recording]));
  },
};

expose(service);
