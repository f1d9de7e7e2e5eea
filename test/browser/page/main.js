// What a page does to run the lab: fetch a build, make a worker, open the engine. Driven by worker.browser.test.ts.

import { openBrowserWorkerEngine } from '../../../dist/src/engine/worker-browser.js';
import EngineWorker from '../../../dist/src/engine/worker-browser-main.js?worker';

globalThis.openEngine = async (options) => {
  const module = await WebAssembly.compileStreaming(fetch('./q3.wasm'));
  return openBrowserWorkerEngine(new EngineWorker(), module, options);
};

/** Replays operations given as rows of [what, handle, size]; plain values in and out. */
globalThis.replayRows = async (options, rows) => {
  const engine = await globalThis.openEngine(options);
  try {
    const column = (c) => Uint32Array.from(rows, (row) => row[c] ?? 0);
    const chunk = {
      firstPosition: 0,
      length: rows.length,
      what: column(0),
      handle: column(1),
      size: column(2),
    };
    const snapshots = await engine.replay(chunk);
    return JSON.stringify({ info: engine.info, snapshots });
  } catch (error) {
    return JSON.stringify({ name: error.name, message: error.message, position: error.position });
  } finally {
    await engine.close();
  }
};
