import { argumentText, type Command, findCommand, SCRIPT_CLIENT } from '../commands/index.js';

/** Commands that reach out of the server, end it, change what a reply is, or block all clients. */
const WITHHELD: ReadonlySet<string> = new Set([
  ...['shutdown', 'replicaof', 'slaveof', 'migrate', 'failover', 'replconf', 'module', 'cluster', 'acl'],
  ...['auth', 'reset', 'save', 'client|reply', 'client|kill', 'client|pause', 'client|tracking'],
  'config|rewrite',
]);

/** Whether a script called the command: the server calls it again when it runs the script. */
export function isScripted({ client }: Command): boolean {
  return client === SCRIPT_CLIENT;
}

/** Whether the server closes the connection after the reply; later commands need another connection. */
export function endsConnection(command: Command): boolean {
  return command.argumentCount > 0 && findCommand(command)?.connection === 'end';
}

export function isSafe(command: Command): boolean {
  if (command.argumentCount === 0) return false;
  const name = argumentText(command, 0).toLowerCase();
  const word = command.argumentCount > 1 ? argumentText(command, 1).toLowerCase() : '';
  // DEBUG can crash, sleep or reload; a stream needs no other form of it than POPULATE.
  if (name === 'debug') return word === 'populate';
  // The replies to subscriptions and streams cannot be counted.
  if (findCommand(command)?.reply !== undefined) return false;
  return !WITHHELD.has(name) && !WITHHELD.has(`${name}|${word}`);
}
