import { execFile } from 'node:child_process';

export interface Spawned {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. `env` is added to this process's, without what make tells the makes below it. */
export function spawned(
  file: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Spawned> {
  const { MAKEFLAGS, MAKELEVEL, MFLAGS, JEMALLOC_SRC, ...outer } = process.env;
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env: { ...outer, ...env } }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
