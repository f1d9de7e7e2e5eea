import type { CommandBatch } from '../../command.js';
import type { ByteSource } from '../byte-source.js';
import { ByteWindow } from '../byte-window.js';
import type { CommandEvent, Input, InputEvent } from '../input.js';
import { refusal } from '../refusal.js';
import { RespParser } from './parser.js';

/** A file of RESP commands, such as one that is piped into `redis-cli --pipe`: one client, no times. */
export class RespInput implements Input {
  readonly kind = 'resp';
  readonly warnings: readonly string[] = [];
  readonly path: string;
  readonly #source: ByteSource;
  readonly #window: ByteWindow;
  readonly #parser: RespParser;

  constructor(path: string, source: ByteSource) {
    this.path = path;
    this.#source = source;
    this.#window = new ByteWindow(path, source);
    this.#parser = new RespParser(this.#window);
  }

  get bytesRead(): number {
    return this.#window.position;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes ?? this.#window.read;
  }

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

  close(): void {
    this.#source.close();
  }
}

/** For when there are no more bytes. */
export function refuseIncomplete(parser: RespParser): void {
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
