import {
  NOT_A_SETTING_VALUE,
  parseConfigSet,
  type SettingChange,
  settingFailed,
} from '../../commands/index.js';
import type { Call, Handlers } from '../server/index.js';
import { isWithoutMemory, refusalOf, SETTING_NAMES, setSetting, settingText } from '../settings/index.js';
import { parsed } from './parsed.js';

/**
 * CONFIG SET applies all its settings or none. A setting that is not modelled counts as an unknown command, unless it
 * changes no memory.
 */
function set(call: Call, changes: readonly SettingChange[]): void {
  const { settings, server, reply } = call;
  const before: SettingChange[] = [];
  for (const change of changes) {
    const { name, value } = change;
    if (!SETTING_NAMES.has(name)) {
      if (!isWithoutMemory(name)) server.unknown.add(`CONFIG SET ${name}`);
      continue;
    }
    const was = settingText(settings, name) ?? '';
    if (setSetting(settings, name, value)) {
      before.push({ ...change, value: was });
      continue;
    }
    if (name === 'list-compress-depth' && /^\d{1,9}$/.test(value)) {
      server.unknown.add('CONFIG SET list-compress-depth (lists are not compressed)');
      continue;
    }
    for (const changed of before.reverse()) setSetting(settings, changed.name, changed.value);
    reply.error(settingFailed(name, refusalOf(settings, name, value) ?? NOT_A_SETTING_VALUE));
    return;
  }
  // A server does not wait for the next command to evict keys.
  if (before.some(({ name }) => name === 'maxmemory')) server.evict();
  reply.status();
}

const parsedSet = parsed(parseConfigSet, set);

/** CONFIG GET replies with one pair. */
function config(call: Call): void {
  if (call.is(1, 'SET')) {
    parsedSet(call);
  } else if (call.is(1, 'GET')) {
    call.reply.array(2);
    call.reply.bulk(call.length(2));
    call.reply.bulk(8);
  } else {
    if (call.is(1, 'RESETSTAT')) {
      call.keyspace.slots?.reset();
      call.server.statistics.reset();
      call.server.errors.reset();
    }
    call.reply.status();
  }
}

export const CONFIG_COMMANDS: Handlers = {
  config,
};
