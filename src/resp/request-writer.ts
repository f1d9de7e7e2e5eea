/** Writes a command as RESP: `*2\r\n$3\r\nDEL\r\n$1\r\na\r\n`. */
import { argumentBytes, type Command, CommandWriter } from '../commands/index.js';
import { ARRAY, BULK, CR, LF, ZERO } from './protocol-bytes.js';

export function respLength({ argumentCount, length }: Command): number {
  let total = headLength(argumentCount);
  for (let index = 0; index < argumentCount; index++) {
    const bytes = length[index]!;
    total += headLength(bytes) + bytes + 2;
  }
  return total;
}

/** Returns the length of a command with these arguments. */
export function lengthOfArguments(args: readonly Uint8Array[]): number {
  return args.reduce((sum, { length }) => sum + headLength(length) + length + 2, headLength(args.length));
}

/** Writes a command at `at`, and returns the end. The caller provides room for `respLength`. */
export function writeResp(command: Command, into: Uint8Array, at: number): number {
  let end = writeHead(ARRAY, command.argumentCount, into, at);
  for (let index = 0; index < command.argumentCount; index++) {
    const argument = argumentBytes(command, index);
    end = writeHead(BULK, argument.length, into, end);
    into.set(argument, end);
    end += argument.length;
    into[end++] = CR;
    into[end++] = LF;
  }
  return end;
}

/** Returns the bytes of one command, for the few that are written by hand. */
export function respOf(...words: readonly string[]): Uint8Array {
  return respOfCommand(commandOf(words));
}

/** Returns the RESP of a command. */
export function respOfCommand(command: Command): Uint8Array {
  const bytes = new Uint8Array(respLength(command));
  writeResp(command, bytes, 0);
  return bytes;
}

/** Returns a command with its own bytes. Text becomes UTF-8. */
export function commandOf(words: readonly (string | Uint8Array)[], client = 0, timeMs = 0): Command {
  return new CommandWriter().parts(words, client, timeMs);
}

function headLength(value: number): number {
  return 1 + decimalDigits(value) + 2;
}

function writeHead(kind: number, value: number, into: Uint8Array, at: number): number {
  into[at] = kind;
  const end = at + 1 + decimalDigits(value);
  for (let digit = end - 1, rest = value; digit > at; digit--, rest = Math.floor(rest / 10)) {
    into[digit] = ZERO + (rest % 10);
  }
  into[end] = CR;
  into[end + 1] = LF;
  return end + 2;
}

function decimalDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}
