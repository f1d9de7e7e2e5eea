import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command } from 'commander';
import { untilSignal } from '../serve/index.js';
import { PageServer, type Served } from '../serve/node.js';
import { withInputError } from './blaming.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { say } from './output.js';
import { integerOption } from './whole.js';

interface WebCommandOptions extends CommonOptions {
  readonly port: number;
}

const EXAMPLES = [
  'slablab web',
  'slablab run scattered-delete --out results && slablab web results/scattered-delete-q3.slabs',
];

const MORE =
  'The page runs the whole lab in the browser: this serves its files, on 127.0.0.1 alone. Ctrl-C ends it.';

export function webCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('web')
    .description('the lab as a page: slab maps of any run, in a browser')
    .argument('[recording]', 'what `slablab run … --out DIR` recorded, to look at (.slabs)')
    .option(
      '--port <number>',
      'port to listen on; 0: any free one',
      integerOption('--port', 0, 65_535),
      8390,
    );
  return addExamples(command, EXAMPLES, MORE).action(
    async (recording: string | undefined, options: WebCommandOptions) => {
      show(await web(recording, options), options);
    },
  );
}

async function web(recording: string | undefined, { port }: WebCommandOptions): Promise<CommandResult> {
  const signal = untilSignal();
  const server = await PageServer.open(
    port,
    recording === undefined ? undefined : await servedFile(recording),
  );
  const { url } = server;
  say(`open ${url}`);
  await signal;
  await server.close();
  return { json: { url }, text: () => '', exitCode: 0, messages: [] };
}

async function servedFile(path: string): Promise<Served> {
  await withInputError(path, 'name a recording that can be read', async () =>
    (await open(path, 'r')).close(),
  );
  return { name: basename(path), open: () => createReadStream(path) };
}
