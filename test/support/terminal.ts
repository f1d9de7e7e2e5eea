import { execFile } from 'node:child_process';
import { MAIN } from './main.js';

export interface TerminalSetting {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Returns what a command line of slablab prints on a terminal, which merges stdout and stderr unless the line redirects
 * them. An exit code of 1 is an answer, too.
 */
export function onTerminal(
  line: string,
  { columns = 80, rows = 24, env = {}, cwd = process.cwd() }: TerminalSetting = {},
): Promise<string> {
  const command = `stty columns ${columns} rows ${rows}; "${process.execPath}" "${MAIN}" ${line}`;
  const { COLUMNS: _, LINES: __, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    execFile(
      'script',
      ['-qec', command, '/dev/null'],
      { cwd, env: { ...inherited, SLABLAB_PAGER: 'cat', ...env }, maxBuffer: 2 ** 26 },
      (error, stdout) => {
        if (error === null || error.code === 1) resolve(stdout);
        else reject(error);
      },
    );
  });
}
