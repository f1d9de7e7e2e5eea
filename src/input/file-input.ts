import { type ByteSource, markBytes } from '../base/index.js';
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

  /** Skips a byte order mark at the beginning. */
  protected skipMark(): void {
    const { window } = this;
    if (window.position > 0) return;
    window.need(3);
    window.at += markBytes(window.bytes.subarray(window.at, window.end));
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
