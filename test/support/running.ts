import { spawn } from 'node:child_process';
import { MAIN } from './main.js';

/** A command that runs, to be ended by a signal. */
export interface Running {
  readonly pid: number;
  /** What it has printed on stderr so far. */
  said(): string;
  /** Resolves when a condition holds. Rejects if the command ends before. */
  until(condition: () => Promise<boolean> | boolean): Promise<void>;
  send(signal: NodeJS.Signals): void;
  readonly end: Promise<{
    readonly exitCode: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

/**
 * Starts a command in a process group of its own, to which signals are sent as by a terminal. The words of `through` go
 * before it; they are those of a program that becomes the command.
 */
export function start(
  args: readonly string[],
  cwd = process.cwd(),
  variables: Readonly<Record<string, string>> = {},
  through: readonly string[] = [],
): Running {
  const env = { ...process.env, ...variables };
  const [program = '', ...words] = [...through, process.execPath, MAIN, ...args];
  const child = spawn(program, words, { cwd, env, detached: true });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let hasEnded = false;
  return {
    pid: child.pid!,
    said: () => stderr,
    async until(condition) {
      while (!(await condition())) {
        if (hasEnded) throw new Error(`the command ended before: ${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    send: (signal) => process.kill(-child.pid!, signal),
    end: new Promise((resolve) => {
      child.on('close', (exitCode, signal) => {
        hasEnded = true;
        resolve({ exitCode, signal, stdout, stderr });
      });
    }),
  };
}
