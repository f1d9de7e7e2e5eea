import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { aboutOutput, isSystemError } from '../output/node.js';
import { CONTROL_BYTES, Control, State } from './raw-format.js';

/** The recorder that a program runs with. */
export interface ProgramOptions {
  /** The recorder's library. */
  readonly library: string;
  /** Libraries that are preloaded after it, such as jemalloc. */
  readonly preload: readonly string[];
  readonly stacks: number;
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
  #child: ChildProcess | undefined;

  private constructor(directory: string, control: number) {
    this.directory = directory;
    this.#control = control;
  }

  /** Makes the directory beside `out`, where there is room for the trace. */
  static open(
    out: string,
    { isPaused, maxBytes }: { readonly isPaused: boolean; readonly maxBytes: number },
  ): Promise<RecordingSession> {
    const beside = dirname(resolve(out));
    return aboutOutput(beside, async () => {
      const directory = mkdtempSync(join(beside, startOf(out)));
      // A daemon that gives up root continues to write; others cannot list the directory, and do not know its name.
      if (process.geteuid?.() === 0) chmodSync(directory, 0o733);
      const control = openSync(join(directory, 'control'), 'wx+', 0o600);
      if (process.geteuid?.() === 0) chmodSync(join(directory, 'control'), 0o666);
      const page = Buffer.alloc(CONTROL_BYTES);
      page.writeUInt32LE(isPaused ? State.paused : State.recording, Control.state);
      page.writeBigUInt64LE(BigInt(maxBytes), Control.maxBytes);
      writeSync(control, page, 0, page.length, 0);
      return new RecordingSession(directory, control);
    });
  }

  /** Opens the directory of a recording that slablab could not bring to its end. */
  static reopen(directory: string): RecordingSession {
    return new RecordingSession(directory, openSync(join(directory, 'control'), 'r+'));
  }

  /** Returns the directories of other recordings for the same file, which run or were ended by force. */
  static others(out: string): string[] {
    const beside = dirname(resolve(out));
    const start = startOf(out);
    return readdirSync(beside)
      .filter((name) => name.startsWith(start))
      .map((name) => join(beside, name));
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
  run(
    path: string,
    args: readonly string[],
    { library, preload, stacks, redirects }: ProgramOptions,
  ): Promise<ProgramEnd> {
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

  /** Leaves the directory with all its files. */
  leave(): void {
    closeSync(this.#control);
  }

  async close(): Promise<void> {
    this.leave();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Returns the beginning of the names of a file's recordings. */
function startOf(out: string): string {
  return `.${basename(out)}.recording-`;
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
