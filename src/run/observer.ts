import { CommandWriter } from '../commands/index.js';
import type { RedisServer } from '../model/index.js';

/** Not a number that an input would give a client. */
const OBSERVER = 0xffffffff;

/** Rest before each survey, as with a real server. */
export const OBSERVED_REST_MS = 5500;

/** From a server's start to its first figures, which `survey` takes. */
export function observeStart(server: RedisServer, survey: () => void): void {
  server.connect(OBSERVER);
  if (server.isCluster) {
    ask(server, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    ask(server, 'CLUSTER', 'INFO');
  }
  server.connect(0);
  askForFigures(server);
  ask(server, 'INFO', 'stats');
  server.advanceTo(server.nowMs + OBSERVED_REST_MS);
  survey();
  askForFigures(server);
}

/** Rest, a phase's survey, and its figures. */
export function observePhase(server: RedisServer, restMs: number, survey: () => void): void {
  server.advanceTo(server.nowMs + restMs);
  survey();
  askForFigures(server);
}

function askForFigures(server: RedisServer): void {
  ask(server, 'MEMORY', 'MALLOC-STATS');
  ask(server, 'INFO', 'memory');
  ask(server, 'INFO', 'keyspace');
}

function ask(server: RedisServer, ...words: readonly string[]): void {
  const { command } = new CommandWriter().ask(OBSERVER, server.nowMs, words);
  server.execute(command);
  server.settle();
}
