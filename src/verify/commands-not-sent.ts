import { argumentText, type Command, SCRIPT_CLIENT } from '../commands/index.js';

/** Would reach out of the server, or end it, or change what a reply is. */
const WHOLE = new Set(
  (
    'SHUTDOWN REPLICAOF SLAVEOF MIGRATE FAILOVER SYNC PSYNC REPLCONF MODULE CLUSTER ACL AUTH MONITOR RESET ' +
    'SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE SAVE'
  ).split(' '),
);

/** The same, of commands that are harmless otherwise. */
const PARTS = new Map([
  ['CLIENT', ['REPLY', 'KILL', 'PAUSE', 'TRACKING']],
  ['CONFIG', ['REWRITE']],
]);

/** The script that the server is sent calls it again. */
export function isScripted({ client }: Command): boolean {
  return client === SCRIPT_CLIENT;
}

/** The server closes the connection behind it; what follows comes over another. */
export function endsConnection(command: Command): boolean {
  return command.length[0] === 4 && /^quit$/i.test(argumentText(command, 0));
}

export function isSafe(command: Command): boolean {
  if (command.argumentCount === 0) return false;
  const name = argumentText(command, 0).toUpperCase();
  const part = command.argumentCount > 1 ? argumentText(command, 1).toUpperCase() : '';
  // DEBUG can crash, sleep or reload; populating is the one part that a stream needs.
  if (name === 'DEBUG') return part === 'POPULATE';
  return !WHOLE.has(name) && !PARTS.get(name)?.includes(part);
}
