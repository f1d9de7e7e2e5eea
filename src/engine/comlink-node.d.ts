/** Declares types that Comlink ships only under the file name that CommonJS resolves. */
declare module 'comlink/dist/esm/node-adapter.mjs' {
  import type { MessagePort, Worker } from 'node:worker_threads';
  import type { Endpoint } from 'comlink';
  export default function nodeEndpoint(port: Worker | MessagePort): Endpoint;
}
