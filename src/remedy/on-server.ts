import { findServer } from '../model/index.js';
import type { Setup } from './setup.js';
import type { Step } from './step.js';

/**
 * Returns the shell line that makes a change on a real server. `setup` is that of the process after the step. A restart
 * loses settings that are new unless the server writes them down (`hasNewSettings`).
 */
export function onServer(step: Step, setup: Setup, hasNewSettings: boolean): string {
  const cli = clientOf(setup);
  const stop = `${hasNewSettings ? `${cli} CONFIG REWRITE; ` : ''}${cli} SHUTDOWN SAVE`;
  switch (step.kind) {
    case 'delete':
      return forEachKey(cli, step.pattern, `${step.command} "&"`);
    case 'expire':
      return `${forEachKey(cli, step.pattern, `PEXPIRE "&" ${step.ms}`)}; sleep ${step.ms / 1000}`;
    case 'flush':
      return `${cli} ${step.command}`;
    case 'purge':
      return `${cli} MEMORY PURGE`;
    case 'wait':
      return `sleep ${step.ms / 1000}`;
    case 'restart':
      return `${stop} # then start it again`;
    case 'server':
      return `${stop} # then start ${setup.server} with the same dump.rdb`;
    case 'build':
      return `${stop} # then start it with the jemalloc of build ${setup.build}`;
    case 'conf':
      return `${stop} # then start it with ${variableOf(setup)}=${quoted(setup.conf)}`;
    case 'set':
      return settingLine(cli, step.name, step.value);
    case 'input':
      return `# the traffic of ${step.path}; a file of the protocol: ${cli} --pipe < ${quoted(step.path)}`;
    case 'activedefrag':
      return `${cli} CONFIG SET activedefrag yes`;
  }
}

/** Settings that a server takes at its start only, as an option of its command line. */
function settingLine(cli: string, name: string, value: string): string {
  if (name === 'cluster-enabled') {
    return `${cli} SHUTDOWN SAVE # then start it with --cluster-enabled ${value}`;
  }
  return name === 'replicas'
    ? `# attach ${value} replicas with REPLICAOF`
    : `${cli} CONFIG SET ${name} ${quoted(value)}`;
}

/**
 * Sends a command for each matching key of the first database. `&` stands for the key, in the syntax of sed. Without
 * --pipe the client asks for COMMAND DOCS first, whose reply leaves 220 KB in tcaches, and then waits for each reply.
 */
function forEachKey(cli: string, pattern: string, command: string): string {
  const script = `s/["\\\\]/\\\\&/g; s/.*/${command}/`;
  return `${cli} --scan --pattern ${quoted(pattern)} | sed '${script}' | ${cli} --pipe > /dev/null`;
}

function clientOf({ server }: Setup): string {
  return findServer(server)?.product === 'valkey' ? 'valkey-cli' : 'redis-cli';
}

/** jemalloc that a server bundles reads a variable of its own; the system's reads the plain one. */
function variableOf({ build }: Setup): string {
  return build === 'q4' ? 'MALLOC_CONF' : 'JE_MALLOC_CONF';
}

/** Returns a word that a shell takes as it is. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
