/** Scripts and functions are not carried out, so there are none to list or to remove. */
import { echoed, wrongForm } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { StoreHandlers } from '../store-command.js';

/** SCRIPT FLUSH and FUNCTION FLUSH [ASYNC | SYNC] */
function flush(problem: string, most = Number.POSITIVE_INFINITY) {
  return (ask: CommandContext): void => {
    if (ask.count > most) {
      ask.refuse(wrongForm(ask));
    }
    const isMode = ask.count === 2 || (ask.count === 3 && (ask.is(2, 'SYNC') || ask.is(2, 'ASYNC')));
    if (!isMode) ask.refuse(problem);
    ask.reply.ok();
  };
}

function exists(ask: CommandContext): void {
  ask.reply.array(ask.count - 2);
  for (let index = 2; index < ask.count; index++) ask.reply.integer(0);
}

/** FUNCTION LIST [WITHCODE] [LIBRARYNAME pattern] */
function list(ask: CommandContext): void {
  let withCode = false;
  let isOfLibrary = false;
  for (let index = 2; index < ask.count; index++) {
    if (!withCode && ask.is(index, 'WITHCODE')) withCode = true;
    else if (!isOfLibrary && ask.is(index, 'LIBRARYNAME')) {
      if (!ask.has(++index)) ask.refuse('ERR library name argument was not given');
      isOfLibrary = true;
    } else ask.refuse(`ERR Unknown argument ${echoed(ask.text(index))}`);
  }
  ask.reply.array(0);
}

export const SCRIPT_ANSWERS: StoreHandlers = {
  'script|flush': flush('ERR SCRIPT FLUSH only support SYNC|ASYNC option'),
  'script|exists': exists,
  'function|flush': flush('ERR FUNCTION FLUSH only supports SYNC|ASYNC option', 3),
  'function|list': list,
};
