import type { ByteSource } from '../base/index.js';
import type { Command } from '../commands/index.js';
import { ByteWindow } from '../resp/index.js';
import type { Input, InputEvent, InputKind } from './input.js';

/** The common part of inputs of one file. */
export abstract class FileInput implements Input {
  abstract readonly kind: InputKind;
  readonly path: string;
  readonly warnings: readonly string[] = [];
  readonly manifest = undefined;
  protected readonly window: ByteWindow;
  readonly #source: ByteSource;

  constructor(path: string, source: ByteSource) {
    this.path = path;
    this.#source = source;
    this.window = new ByteWindow(path, source);
  }

  get files(): readonly string[] {
    return [this.path];
  }

  get bytesRead(): number {
    return this.window.position;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes ?? this.window.read;
  }

  abstract placeOf(command: Command): string;

  abstract clientName(client: number): string;

  abstract events(): Generator<InputEvent, void>;

  close(): void {
    this.#source.close();
  }
}
