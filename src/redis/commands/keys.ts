import type { Call } from '../call.js';
import type { CommandSpec } from '../command-table.js';
import { TYPE_NAMES } from '../value-model.js';

function remove(lazily: (call: Call) => boolean) {
  return (call: Call): void => {
    let removed = 0;
    for (let index = 1; index < call.argc; index++) {
      const row = call.unexpired(index);
      if (row === 0) continue;
      call.db.delete(row, lazily(call));
      removed++;
    }
    call.dirty += removed;
    call.reply.integer(removed);
  };
}

function exists(call: Call): void {
  let found = 0;
  for (let index = 1; index < call.argc; index++) if (call.lookupRead(index) !== 0) found++;
  call.reply.integer(found);
}

function type(call: Call): void {
  const row = call.lookupRead(1);
  call.reply.status((row === 0 ? 'none' : TYPE_NAMES[call.typeOf(row)]).length);
}

export const KEY_COMMANDS: readonly CommandSpec[] = [
  { name: 'del', handler: remove((call) => call.settings.lazyfreeLazyUserDel), arity: -2 },
  { name: 'unlink', handler: remove(() => true), arity: -2 },
  { name: 'exists', handler: exists, arity: -2 },
  { name: 'touch', handler: exists, arity: -2 },
  { name: 'type', handler: type, arity: 2 },
];
