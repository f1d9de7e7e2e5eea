import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import { nameOfCell } from '../report/index.js';
import { untilSignal } from '../serve/index.js';
import { PageServer, type ServedFile } from '../serve/node.js';
import { wholeIfPacked } from '../stream/node.js';
import { integer } from './arguments.js';
import { findSweep, readSweepResult } from './atlas-map.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { printMessage } from './output.js';
import { withInputError } from './system-errors.js';

interface WebCommandOptions extends CommonOptions {
  readonly port: number;
}

const EXAMPLES = [
  'slablab web',
  'slablab run scattered-delete --out results && slablab web results/scattered-delete-q3.slabs',
  'slablab sweep value-drift --preset decay --out results && slablab web results',
];

const NOTES =
  'The page runs the whole lab in the browser. This command serves its files, on 127.0.0.1 only. Ctrl-C ends it.';

export function webCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('web')
    .description('Open the lab in a browser, with slab maps of any run')
    .argument(
      '[recording]',
      'Recording (.slabs) to show, which `slablab run … --out DIR` wrote, or directory or result of `slablab sweep … --out DIR`',
    )
    .option(
      '--port <number>',
      'Port to listen on; 0 chooses a free port',
      integer('--port', 0, 65_535),
      8390,
    );
  return addExamples(command, EXAMPLES, NOTES).action(
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
  printMessage(`open ${url}`);
  await signal;
  await server.close();
  return { json: { url }, text: () => '', exitCode: 0, messages: [] };
}

async function servedFile(path: string): Promise<ServedFile> {
  const sweep = await findSweep(path);
  if (sweep === undefined) return readableFile(path);
  const { resultPath, recordings } = sweep;
  await readSweepResult(resultPath);
  const beside = [...recordings].map(
    ([cell, recording]): ServedFile => ({
      name: nameOfCell(resultPath, cell),
      open: () => createReadStream(recording),
    }),
  );
  return { ...(await readableFile(resultPath)), beside };
}

async function readableFile(path: string): Promise<ServedFile> {
  await withInputError(path, 'name a readable recording', async () => (await open(path, 'r')).close());
  const plain = await wholeIfPacked(path);
  const name = basename(path).replace(/\.gz$/i, '');
  return plain === undefined
    ? { name: basename(path), open: () => createReadStream(path) }
    : { name, open: () => Readable.from([plain]) };
}
