import type { Call, Handlers } from '../server/index.js';
import { isWithoutMemory, SETTING_NAMES, setSetting, settingText } from '../settings/index.js';

/**
 * CONFIG SET of what changes memory: all of it or nothing. A setting that is not modelled is counted among the unknown
 * commands, unless it is one that changes no memory.
 */
function set(call: Call): void {
  const { argc, settings, server, reply } = call;
  if (argc < 4 || argc % 2 === 1) {
    reply.error("ERR wrong number of arguments for 'config|set' command");
    return;
  }
  const before: (readonly [name: string, value: string])[] = [];
  for (let index = 2; index < argc; index += 2) {
    const name = call.text(index).toLowerCase();
    const value = call.text(index + 1);
    if (!SETTING_NAMES.has(name)) {
      if (!isWithoutMemory(name)) server.unknown.add(`CONFIG SET ${name}`);
      continue;
    }
    const was = settingText(settings, name) ?? '';
    if (setSetting(settings, name, value)) {
      before.push([name, was]);
      continue;
    }
    if (name === 'list-compress-depth' && /^\d{1,9}$/.test(value)) {
      server.unknown.add('CONFIG SET list-compress-depth (lists are not compressed)');
      continue;
    }
    for (const [changed, text] of before.reverse()) setSetting(settings, changed, text);
    reply.error(
      `ERR CONFIG SET failed (possibly related to argument '${name}') - argument couldn't be parsed into an integer`,
    );
    return;
  }
  reply.status();
}

/** CONFIG GET replies with one pair. */
function config(call: Call): void {
  if (call.is(1, 'SET')) {
    set(call);
  } else if (call.is(1, 'GET')) {
    call.reply.array(2);
    call.reply.bulk(call.length(2));
    call.reply.bulk(8);
  } else {
    if (call.is(1, 'RESETSTAT')) {
      call.keyspace.slots?.reset();
      call.server.statistics.reset();
    }
    call.reply.status();
  }
}

export const CONFIG_COMMANDS: Handlers = {
  config,
};
