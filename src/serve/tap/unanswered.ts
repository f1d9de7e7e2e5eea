/** The commands that a server may have executed before it closed a connection without a reply to them. */
import { append, latin1Bytes, shownBytes } from '../../base/index.js';
import { argumentText, type Command, findCommand } from '../../commands/index.js';
import { RespParser } from '../../resp/index.js';
import type { Exchange } from './exchange.js';

/** The commands that change no data and no setting, besides those that the command table calls readonly. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  (
    'ping echo time select auth hello reset quit client command info memory lastsave wait multi discard watch unwatch ' +
    'subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe publish spublish pubsub monitor slowlog latency'
  ).split(' '),
);

/** The number of bytes at which a command's name is cut. */
const MAX_NAME = 60;

/** Returns the names of the unanswered commands that may have had an effect. A command that waited had none. */
export function unansweredIn(exchanges: readonly Exchange[]): string[] {
  const names: string[] = [];
  for (const [index, exchange] of exchanges.entries()) {
    const { kind } = exchange;
    if (kind === 'quit' || (kind === 'blocking' && index === 0)) return names;
    if (kind !== 'own') append(names, namesIn(exchange));
  }
  return names;
}

/** The number of names in a message. */
const NAMED = 5;

/** Returns the first different names as a list for a message. */
export function firstOf(names: readonly string[]): string {
  const different = [...new Set(names)];
  const first = different.slice(0, NAMED).join(', ');
  return different.length > NAMED ? `${first} and others` : first;
}

function* namesIn({ bytes, from, ends, answered }: Exchange): Generator<string, void> {
  const parser = new RespParser('query');
  parser.feed(bytes.subarray(answered === 0 ? from : ends[answered - 1]!, ends[ends.length - 1]));
  while (parser.next()) {
    if (mayHaveEffect(parser.command)) {
      yield shownBytes(latin1Bytes(argumentText(parser.command, 0)), MAX_NAME);
    }
  }
}

function mayHaveEffect(command: Command): boolean {
  const info = findCommand(command);
  return info === undefined || !(info.flags.has('readonly') || WITHOUT_EFFECT.has(info.name));
}
