import { refusal } from '../../base/index.js';
import type { CommandBatch } from '../../commands/index.js';
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

  *events(): Generator<InputEvent, void> {
    const parser = this.#parser;
    const event: CommandEvent = { kind: 'command', command: parser.command };
    do {
      while (parser.next()) yield event;
    } while (parser.fill());
    refuseIncomplete(parser);
  }

  *batches(): Generator<CommandBatch, void> {
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
    `record it again, or cut it to its first ${commandAt} bytes (an inline command ends with a newline)`,
  );
}
