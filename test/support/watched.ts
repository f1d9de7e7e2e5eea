/** A command of `slablab` that goes on until it is told to end, and shows something on a page meanwhile. */
import { spawn } from 'node:child_process';
import { MAIN } from './main.js';

export interface Watched {
  readonly url: URL;
  /** All it has said on stderr. */
  said(): string;
  /** Until it says something like that; gives what it found. */
  saying(what: RegExp): Promise<RegExpExecArray>;
  /** As Ctrl-C does. */
  end(): Promise<{ readonly exitCode: number | null; readonly stdout: string }>;
}

export async function watched(...args: readonly string[]): Promise<Watched> {
  const child = spawn(process.execPath, [MAIN, ...args]);
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    wake();
  });
  let exit: { readonly exitCode: number | null } | undefined;
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (exitCode) => {
      exit = { exitCode };
      wake();
      resolve(exitCode);
    });
  });
  const saying = (what: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = what.exec(stderr);
        if (found === null && exit === undefined) return;
        waiting.delete(look);
        if (found !== null) resolve(found);
        else reject(new Error(`ended with ${exit?.exitCode}, without ${what}: ${stderr}`));
      };
      waiting.add(look);
      look();
    });
  const [, url] = await saying(/watch (http\S+)/);
  return {
    url: new URL(url!),
    said: () => stderr,
    saying,
    end: async () => {
      child.kill('SIGINT');
      return { exitCode: await ended, stdout };
    },
  };
}
