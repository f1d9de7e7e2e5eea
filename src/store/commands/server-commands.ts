import { parseConfigSet } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { infoText, unsupportedSection } from '../info.js';
import type { KeyValues } from '../key-values.js';
import type { Parameters } from '../parameters.js';
import { unsupported } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { matcher } from './scans.js';

/** CONFIG GET pattern … | SET name value … | RESETSTAT | REWRITE */
function config(ask: CommandContext): void {
  const { parameters } = ask.store;
  if (ask.is(1, 'GET')) {
    const names = namedBy(ask.args.slice(2), parameters);
    ask.reply.map(names.length);
    for (const name of names) {
      ask.reply.bulk(name);
      ask.reply.bulk(parameters.get(name) ?? '');
    }
  } else if (ask.is(1, 'SET')) {
    const changes = ask.allowed(parseConfigSet(ask));
    parameters.set(changes);
    for (const { name, value } of changes) applySetting(ask.store, name, value);
    ask.reply.ok();
  } else if (ask.is(1, 'RESETSTAT')) {
    ask.store.commandsDone = 0;
    ask.store.statistics.reset();
    ask.store.events.resetCounts();
    ask.reply.ok();
  } else {
    ask.refuse('ERR The server is running without a config file');
  }
}

/** Returns the parameters that names and patterns give, each once. */
function namedBy(words: readonly string[], parameters: Parameters): string[] {
  const names = new Set<string>();
  for (const word of words) {
    if (!/[*?[]/.test(word)) {
      const name = word.toLowerCase();
      if (parameters.get(name) !== undefined) names.add(name);
      continue;
    }
    const matches = matcher(word, true);
    for (const name of parameters.names()) if (matches(name)) names.add(name);
  }
  return [...names];
}

/** Gives a setting to what works by it, besides the model. */
function applySetting({ slowLog, events }: KeyValues, name: string, value: string): void {
  if (name === 'slowlog-log-slower-than') slowLog.thresholdMicroseconds = Number(value);
  else if (name === 'slowlog-max-len') slowLog.limitTo(Number(value));
  else if (name === 'notify-keyspace-events') events.choose(value);
}

function info(ask: CommandContext): void {
  ask.reply.verbatim(infoText(ask.store, ask.args.slice(1), ask.nowMs));
}

function infoRefusal(args: readonly string[]): string | undefined {
  const section = unsupportedSection(args.slice(1));
  return section === undefined ? undefined : unsupported(`INFO ${section}`);
}

function role({ reply }: CommandContext): void {
  reply.array(3);
  reply.bulk('master');
  reply.integer(0);
  reply.array(0);
}

function lastsave({ reply, store }: CommandContext): void {
  reply.integer(Math.floor(store.startMs / 1000));
}

export const SERVER_ANSWERS: StoreHandlers = {
  'config|get': config,
  'config|set': config,
  'config|resetstat': config,
  'config|rewrite': config,
  info: { handler: info, refusal: infoRefusal },
  role,
  lastsave,
};
