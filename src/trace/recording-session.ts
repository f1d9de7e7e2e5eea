import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { aboutOutput, isSystemError } from '../output/node.js';
import { CONTROL_BYTES, Control, State } from './raw-format.js';

export interface SessionOptions {
  /** The recorder's library. */
  readonly library: string;
  /** Libraries that are preloaded after it, such as jemalloc. */
  readonly preload: readonly string[];
  readonly stacks: number;
  readonly maxBytes: number;
  readonly isPaused: boolean;
  /** Whether the program's output is redirected to standard error. */
  readonly redirects: boolean;
}

/** The end of a program, by itself or by a signal. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A directory that a program's recorder writes into, and the page with which it is paused and stopped. */
export class RecordingSession {
  readonly directory: string;
  readonly #control: number;
  readonly #options: SessionOptions;
  #child: ChildProcess | undefined;

  private constructor(directory: string, control: number, options: SessionOptions) {
    this.directory = directory;
    this.#control = control;
    this.#options = options;
  }

  /** Makes the directory beside `out`, where there is room for the trace. */
  static open(out: string, options: SessionOptions): Promise<RecordingSession> {
    const beside = dirname(resolve(out));
    return aboutOutput(beside, async () => {
      const directory = mkdtempSync(join(beside, `.${basename(out)}.recording-`));
      // A daemon that gives up root continues to write; others cannot list the directory, and do not know its name.
      if (process.geteuid?.() === 0) chmodSync(directory, 0o733);
      const control = openSync(join(directory, 'control'), 'wx+', 0o600);
      if (process.geteuid?.() === 0) chmodSync(join(directory, 'control'), 0o666);
      const page = Buffer.alloc(CONTROL_BYTES);
      page.writeUInt32LE(options.isPaused ? State.paused : State.recording, Control.state);
      page.writeBigUInt64LE(BigInt(options.maxBytes), Control.maxBytes);
      writeSync(control, page, 0, page.length, 0);
      return new RecordingSession(directory, control, options);
    });
  }

  get state(): number {
    const word = Buffer.alloc(4);
    readSync(this.#control, word, 0, 4, Control.state);
    return word.readUInt32LE();
  }

  /** Changes the state, unless recording has ended for good. */
  setState(state: number): void {
    if (this.state >= State.stopped) return;
    const word = Buffer.alloc(4);
    word.writeUInt32LE(state);
    writeSync(this.#control, word, 0, 4, Control.state);
  }

  /** Runs the program. Only its own environment has the library. */
  run(path: string, args: readonly string[]): Promise<ProgramEnd> {
    const { library, preload, stacks, redirects } = this.#options;
    const before = process.env.LD_PRELOAD;
    const env = {
      ...process.env,
      LD_PRELOAD: [library, ...preload, ...(before === undefined ? [] : [before])].join(':'),
      SLABLAB_RECORD: this.directory,
      SLABLAB_RECORD_STACKS: String(stacks),
    };
    return new Promise((done, fail) => {
      const child = spawn(path, args, { env, stdio: ['inherit', redirects ? 2 : 'inherit', 'inherit'] });
      this.#child = child;
      child.on('error', fail);
      child.on('close', (exitCode, signal) => done({ exitCode, signal }));
    });
  }

  /** Sends a signal to the program. */
  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async close(): Promise<void> {
    closeSync(this.#control);
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}
