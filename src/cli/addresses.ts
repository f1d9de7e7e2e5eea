import type { Command } from 'commander';
import { InputError } from '../base/index.js';

/** The form of an address, which no path of a file has. */
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;
/** The names of arguments that are addresses of servers, or the words of another program. */
const NOT_FILES: ReadonlySet<string> = new Set(['url', 'program']);

/** The commands whose files may be addresses of servers as well. */
const ASKS_SERVERS: ReadonlySet<string> = new Set(['explain']);

/** Whether an argument is the address of a server, not the name of a file. */
export function isServerUrl(argument: string): boolean {
  return /^(?:rediss?|unix):\/\//i.test(argument);
}

/** Refuses an address in the place of a file, which nothing here fetches. */
export function refuseAddresses(command: Command): void {
  const isTaken = ASKS_SERVERS.has(command.name()) ? isServerUrl : () => false;
  for (const [index, argument] of command.registeredArguments.entries()) {
    if (NOT_FILES.has(argument.name())) continue;
    const given: unknown = argument.variadic ? command.processedArgs[index] : [command.processedArgs[index]];
    const address = (given as unknown[] | undefined)?.find(
      (text): text is string => typeof text === 'string' && ADDRESS.test(text) && !isTaken(text),
    );
    if (address === undefined) continue;
    throw new InputError(
      `${address}: is an address, and inputs are files of this machine; fetch it first, and name the file`,
    );
  }
}
