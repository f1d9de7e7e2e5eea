import { latin1Bytes, parseInteger64 } from '../base/index.js';
import { type CommandInfo, keyPlaces } from '../commands/index.js';
import { keySlot } from '../model/index.js';

/** Returns the slot of a key's name. */
export function slotOf(name: string): number {
  return keySlot(latin1Bytes(name), 0, name.length);
}

/** Returns the slots of the keys of a request. */
export function slotsOf(info: CommandInfo, args: readonly string[]): number[] {
  const subcommand = info.subcommands?.get((args[1] ?? '').toLowerCase());
  return keyPlacesOf(subcommand ?? info, args).map((place) => slotOf(args[place]!));
}

/** Returns the places of the keys of a request. */
export function keyPlacesOf(info: CommandInfo, args: readonly string[]): number[] {
  return keyPlaces(info, {
    name: info.name,
    count: args.length,
    text: (index) => args[index]!,
    is: (index, word) => args[index]?.toUpperCase() === word,
    integer: (index) => {
      const value = parseInteger64(args[index] ?? '');
      return value === undefined ? undefined : Number(value);
    },
  });
}
