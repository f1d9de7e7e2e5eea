import type { Call } from '../call.js';
import type { CommandSpec } from '../command-table.js';
import { SETTING_NAMES, setSetting } from '../setting-names.js';

/** CONFIG SET of what changes memory; other settings are taken as they are. CONFIG GET replies with one pair. */
function config(call: Call): void {
  if (call.is(1, 'SET')) {
    for (let index = 2; index + 1 < call.argc; index += 2) {
      const name = call.text(index).toLowerCase();
      if (SETTING_NAMES.has(name) && !setSetting(call.settings, name, call.text(index + 1))) {
        call.reply.error(
          `ERR CONFIG SET failed (possibly related to argument '${name}') - argument couldn't be parsed`,
        );
        return;
      }
    }
    call.reply.status();
  } else if (call.is(1, 'GET')) {
    call.reply.array(2);
    call.reply.bulk(call.length(2));
    call.reply.bulk(8);
  } else {
    if (call.is(1, 'RESETSTAT')) call.keyspace.slots?.reset();
    call.reply.status();
  }
}

export const CONFIG_COMMANDS: readonly CommandSpec[] = [
  { name: 'config', handler: config, arity: -2, hasParts: true },
];
