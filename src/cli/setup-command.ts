import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { PACKAGE_ROOT } from '../engine/node.js';
import { buildRecorder } from '../trace/node.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';

/** A thing that a C compiler makes, and what came of it. */
interface Part {
  readonly name: string;
  readonly isThere: boolean;
  /** Its path, or what is missing. */
  readonly detail: string;
}

const TWINS = ['q3', 'q4', 'q3-5.2.1'];
const COMPILER =
  'install a C compiler (on Debian: `apt install gcc libc6-dev`), and call `slablab setup` again';
const NOTES =
  'The recorder is made from C sources in the package, beside them or in ~/.cache/slablab. The native twins need ' +
  "jemalloc's source and a checkout, where `make` obtains what is missing.";

export function setupCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('setup').description(
    'Make what a C compiler makes: the recorder of programs and the native twins; say what is missing',
  );
  return addExamples(command, ['slablab setup'], NOTES).action(async (options: CommonOptions) => {
    show(await setup(), options);
  });
}

async function setup(): Promise<CommandResult> {
  const parts = [await recorderPart(), await twinsPart()];
  return {
    json: { parts },
    text: () =>
      parts
        .map(({ name, isThere, detail }) => `${name}: ${isThere ? 'made' : 'not made'}: ${detail}\n`)
        .join(''),
    // Nothing but `--runtime native` needs the twins.
    exitCode: parts[0]!.isThere ? 0 : 1,
    messages: [],
  };
}

async function recorderPart(): Promise<Part> {
  const made = await buildRecorder('');
  const name = 'recorder of programs (`slablab record`)';
  if ('path' in made) return { name, isThere: true, detail: made.path };
  return { name, isThere: false, detail: `${made.missing}; ${COMPILER}` };
}

/** Calls make in a checkout, which obtains jemalloc's source. */
async function twinsPart(): Promise<Part> {
  const name = 'native twins (`--runtime native`)';
  if (!existsSync(new URL('Makefile', PACKAGE_ROOT))) {
    const missing = "jemalloc's source and the rules to build it are not in the npm package";
    return {
      name,
      isThere: false,
      detail: `${missing}; in a checkout of slablab, \`make native\` makes them`,
    };
  }
  const root = fileURLToPath(PACKAGE_ROOT);
  const { code, errors } = await make(root);
  const isThere = code === 0;
  return { name, isThere, detail: isThere ? `${root}native/build (${TWINS.join(', ')})` : errors };
}

function make(directory: string): Promise<{ code: number | null; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn('make', ['native', `BUILD=${TWINS.join(' ')}`], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4000);
    });
    child.on('error', ({ message }) => resolve({ code: null, errors: `${message}; install make` }));
    child.on('close', (code) => resolve({ code, errors: errors.trim() }));
  });
}
