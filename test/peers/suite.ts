/** Runs a unit of Redis's own test suite against a server, and reads what it prints. */
import { spawn } from 'node:child_process';
import type { Form } from './servers.js';

export interface UnitResult {
  readonly passed: readonly string[];
  /** The reason of each failed test by name. */
  readonly failed: ReadonlyMap<string, string>;
  readonly skipped: number;
  /** Why the unit broke off; undefined if it ran to its end. */
  readonly brokeOff: string | undefined;
  /** How the lab of a tap agrees with its server afterwards. */
  readonly verified?: string;
}

/** Tests that need what neither side is given: replicas, files of the server, and hours. */
const TAGS = '-needs:repl -needs:save -slow';
const TIMEOUT_SECONDS = 900;
/** Where the suite looks for ports of its own, so that two runs at once do not meet. */
const OWN_PORT = 11_000 + (process.pid % 9000);

/** Runs one unit in the suite's external mode. */
export async function runUnit(directory: string, unit: string, port: number): Promise<UnitResult> {
  const suite = spawn(
    'tclsh',
    ['tests/test_helper.tcl', '--host', '127.0.0.1', '--port', `${port}`, '--single', unit, '--tags', TAGS]
      .concat(['--baseport', `${OWN_PORT}`])
      .concat(['--durable', '--timeout', '120', '--ignore-digest'])
      .concat(['--skiptest', '/.*(?:long running|diskless).*']),
    { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let printed = '';
  for (const stream of [suite.stdout, suite.stderr])
    stream.on('data', (bytes: Buffer) => {
      printed += bytes.toString('latin1');
    });
  let isTooLong = false;
  const timer = setTimeout(() => {
    isTooLong = true;
    // The suite runs its tests in a further process of its group.
    if (suite.pid !== undefined) process.kill(-suite.pid, 'SIGKILL');
  }, TIMEOUT_SECONDS * 1000);
  await new Promise((resolve) => suite.once('close', resolve));
  clearTimeout(timer);
  return resultOf(printed, isTooLong);
}

function resultOf(printed: string, isTooLong: boolean): UnitResult {
  const passed: string[] = [];
  const failed = new Map<string, string>();
  let skipped = 0;
  let brokeOff: string | undefined = isTooLong ? `no end after ${TIMEOUT_SECONDS} seconds` : undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  const lines = printed.replaceAll(/\x1b\[[\d;]*m/g, '').split('\n');
  for (const [at, text] of lines.entries()) {
    const [, kind = '', said = ''] = /^\[(\w+)\]: (.*)$/.exec(text) ?? [];
    if (kind === 'ok') passed.push(said.replace(/ \(\d+ ms\)$/, ''));
    else if (kind === 'ignore' || kind === 'skip') skipped++;
    else if (kind === 'err') failed.set(said.replace(/ in tests\/.*$/, ''), reasonFrom(lines, at + 1));
    else if (kind === 'exception') brokeOff ??= said;
    else if (kind === 'TIMEOUT') brokeOff ??= 'a test that waits';
  }
  if (!printed.includes('The End'))
    brokeOff ??= lines.filter((text) => text !== '').slice(-1)[0] ?? 'nothing printed';
  return { passed, failed, skipped, brokeOff };
}

/** Returns the reason that follows a failed test: the first line, and the rest of it that tcl breaks. */
function reasonFrom(lines: readonly string[], at: number): string {
  const end = lines.findIndex(
    (text, index) => index >= at && (/^\[/.test(text) || text.startsWith('    while')),
  );
  return lines
    .slice(at, end < 0 ? at + 1 : Math.max(end, at + 1))
    .join(' ')
    .trim();
}

export type Results = ReadonlyMap<string, Partial<Record<Form, UnitResult>>>;
