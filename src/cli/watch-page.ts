import type { Command } from 'commander';
import { EXTENSION, type LiveRecording } from '../recording/index.js';
import { PageServer } from '../serve/node.js';
import { integer } from './arguments.js';
import { DependentOption } from './dependent-option.js';
import { printMessage } from './output.js';

export interface WatchOptions {
  readonly watch?: boolean;
  readonly watchPort?: number;
}

const DEFAULT_PORT = 8390;

/** Adds `--watch` and `--watch-port`; `subject` is what the page shows. */
export function addWatchOptions(command: Command, subject: string): Command {
  return command
    .option('--watch', `Show ${subject} on a web page on 127.0.0.1`)
    .addOption(
      new DependentOption(
        '--watch-port <number>',
        `Port of the web page; 0 chooses a free port (default: ${DEFAULT_PORT})`,
        '--watch',
      ).argParser(integer('--watch-port', 0, 65_535)),
    );
}

/** Serves the page of `--watch`, which shows a recording under `name` while it grows. */
export async function openWatchPage(
  { watchPort = DEFAULT_PORT }: WatchOptions,
  name: string,
  live: LiveRecording,
): Promise<PageServer> {
  const server = await PageServer.open(
    watchPort,
    { name: `${name}${EXTENSION}`, open: () => live.read() },
    '--watch-port',
  );
  printMessage(`watch ${server.url}`);
  return server;
}
