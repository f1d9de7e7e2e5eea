/**
 * Repeats on the modelled server the commands of the second client that `verify` has on a real one. That client reads
 * figures, which takes memory and changes the contents of tcaches.
 */
import { CommandWriter } from '../commands/index.js';
import type { RedisServer } from '../model/index.js';

/** Client number of the observer, which no input uses. */
const OBSERVER = 0xffffffff;

/** The default of the virtual milliseconds without commands before each survey, as with a real server. */
export const OBSERVED_REST_MS = 5500;

/** Runs the observer's commands from the start of a server, through a rest, to its first survey. */
export function observeStart(server: RedisServer, restMs: number, survey: () => void): void {
  server.connect(OBSERVER);
  if (server.isCluster) {
    ask(server, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    ask(server, 'CLUSTER', 'INFO');
  }
  server.connect(0);
  askForFigures(server);
  ask(server, 'INFO', 'stats');
  server.advanceTo(server.nowMs + restMs);
  survey();
  askForFigures(server);
}

/** Ends a phase: rests, surveys, and reads the figures. */
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
