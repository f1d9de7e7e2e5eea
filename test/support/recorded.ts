/** Small programs in C and C++, compiled and recorded as a user would. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { slablab } from './cli.js';

/** The distribution's jemalloc, as LD_PRELOAD names it. */
export const JEMALLOC = 'libjemalloc.so.2';

interface RecordedImageJson {
  readonly pid: number;
  readonly image: string;
  readonly command: readonly string[];
  readonly jemalloc?: string;
  readonly quantum?: number;
  readonly rawBytes: number;
  readonly lost: number;
  readonly path?: string;
  readonly operations: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface RecordJson {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly images: readonly RecordedImageJson[];
}

export class Workshop {
  readonly directory = mkdtempSync(join(tmpdir(), 'slablab-recorded-'));

  constructor() {
    afterAll(() => rmSync(this.directory, { recursive: true, force: true }));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  /** Compiles a program, without the compiler's own ideas about malloc. Returns its path. */
  compile(name: string, source: string, ...flags: readonly string[]): string {
    const isPlus = name.endsWith('.cc');
    const file = this.write(name, source);
    const out = this.path(name.replace(/\.cc?$/, ''));
    const args = ['-O1', '-fno-builtin', '-pthread', file, '-o', out, ...flags];
    execFileSync(isPlus ? 'g++' : 'cc', args, { stdio: 'pipe' });
    return out;
  }

  /** Records a program. */
  async record(
    program: readonly string[],
    {
      options = ['--preload', JEMALLOC],
      env = {},
    }: { options?: string[]; env?: Record<string, string> } = {},
  ): Promise<RecordJson & { out: string; stderr: string; slablabExitCode: number | null }> {
    const out = this.path('trace.ops');
    const args = ['record', '--out', out, '--json', '--all', ...options, '--', ...program];
    const { stdout, stderr, exitCode } = await slablab(args, env);
    if (stdout === '') throw new Error(`slablab ${args.join(' ')}: code ${exitCode}: ${stderr}`);
    return { ...(JSON.parse(stdout) as RecordJson), out, stderr, slablabExitCode: exitCode };
  }
}

/** The counts of a program that is followed without a gap. */
export const WITHOUT_GAPS = {
  unknownFrees: 0,
  doubleFrees: 0,
  impliedFrees: 0,
  failedCalls: 0,
  tooLarge: 0,
  placed: 0,
  wrongSizes: 0,
};
