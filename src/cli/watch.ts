/** `--watch`: a recording is on the page while it comes to be. */
import type { Command } from 'commander';
import { InputError } from '../base/index.js';
import { EXTENSION, type LiveRecording } from '../recording/index.js';
import { PageServer } from '../serve/node.js';
import { say } from './output.js';
import { integerOption } from './whole.js';

export interface WatchOptions {
  readonly watch?: boolean;
  readonly watchPort?: number;
}

const DEFAULT_PORT = 8390;

export function addWatchOptions(command: Command, what: string): Command {
  return command
    .option('--watch', `show ${what} on a page on 127.0.0.1 as it comes to be`)
    .option(
      '--watch-port <number>',
      `with --watch: port of the page; 0: any free one (default: ${DEFAULT_PORT})`,
      integerOption('--watch-port', 0, 65_535),
    );
}

export function refuseWithoutWatch(
  options: WatchOptions,
  given: Readonly<Record<string, unknown>> = {},
): void {
  if (options.watch) return;
  const [name] = Object.entries({ '--watch-port': options.watchPort, ...given }).find(
    ([, value]) => value !== undefined,
  ) ?? [undefined];
  if (name !== undefined) throw new InputError(`${name}: is about the page of --watch; give both`);
}

/** The page, and the recording under a name. */
export async function openWatch(
  { watchPort = DEFAULT_PORT }: WatchOptions,
  name: string,
  live: LiveRecording,
): Promise<PageServer> {
  const server = await PageServer.open(
    watchPort,
    { name: `${name}${EXTENSION}`, open: () => live.read() },
    '--watch-port',
  );
  say(`watch ${server.url}`);
  return server;
}
