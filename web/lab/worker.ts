/** Runs in a web worker. */
import { expose, type Remote, releaseProxy, transfer } from 'comlink';
import { runExperiment } from './run-experiment.js';
import type { LabListener, LabService } from './service.js';
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
    try {
      return await runExperiment(request, {
        begin: (about, info) => void listener.begin(about, info),
        frame: (frame) => void listener.frame(transfer(frame, buffersOf(frame))),
        progress: (share, operations) => void listener.progress(share, operations),
      });
    } finally {
      listener[releaseProxy]();
    }
  },
};

expose(service);
