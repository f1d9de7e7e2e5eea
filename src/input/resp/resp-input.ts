import { refusal } from '../../base/index.js';
import type { Command, CommandBatch } from '../../commands/index.js';
import { RespParser } from '../../resp/index.js';
import { FileInput } from '../file-input.js';
import type { CommandEvent, InputEvent } from '../input.js';

/** A file of RESP commands, such as an input of `redis-cli --pipe`. It has one client and no times. */
export class RespInput extends FileInput {
  readonly kind = 'resp';
  readonly #parser = new RespParser(this.window);

  clientName(): string {
    return this.path;
  }

  /** The bytes of a command are those of the window, unless it is an inline one. */
  placeOf({ bytes, start, length, argumentCount }: Command): string {
    const { window } = this;
    if (bytes !== window.bytes || argumentCount === 0) return `byte ${this.#parser.commandAt}`;
    const heads = `*${argumentCount}\r\n$${length[0]}\r\n`;
    return `byte ${window.base + start[0]! - heads.length}`;
  }

  *events(): Generator<InputEvent, void> {
    this.skipMark();
    const parser = this.#parser;
    const event: CommandEvent = { kind: 'command', command: parser.command };
    do {
      while (parser.next()) yield event;
    } while (parser.fill());
    refuseIncomplete(parser);
  }

  *batches(): Generator<CommandBatch, void> {
    this.skipMark();
    const parser = this.#parser;
    do {
      while (parser.nextBatch()) yield parser.batch;
    } while (parser.fill());
    refuseIncomplete(parser);
  }
}

/** Refuses an input that ends inside a command. */
function refuseIncomplete(parser: RespParser): void {
  if (!parser.isIncomplete) return;
  const { name, read } = parser.window;
  const { commandAt } = parser;
  throw refusal(
    name,
    read,
    `the input ends inside the command that starts at byte ${commandAt}`,
    commandAt === 0
      ? 'record it again (an inline command ends with a newline)'
      : `record it again, or cut it to its first ${commandAt} bytes (an inline command ends with a newline)`,
  );
}
