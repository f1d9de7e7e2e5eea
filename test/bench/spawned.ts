/** Programs that a leg starts, which say where they listen. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Returns the path of a compiled program from its place beside the legs. */
export const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const SLABLAB = program('../../bin/slablab.js');

export async function start(
  ...args: readonly string[]
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /listening on [\d.]+:(\d+)/.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once('exit', () => reject(new Error(`${args.join(' ')} ended:\n${said}`)));
  });
  return { child, port };
}
