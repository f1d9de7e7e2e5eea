import { spawn } from 'node:child_process';
import { Command } from 'commander';
import { KNOWN_BUILDS } from '../engine/index.js';
import { IS_CHECKOUT, nativeSources } from '../engine/node.js';
import { buildRecorder } from '../trace/node.js';
import { append } from './arguments.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { knownBuild } from './subject-argument.js';

interface SetupOptions extends CommonOptions {
  readonly build?: readonly string[];
}

/** A thing that a C compiler makes, and what came of it. */
interface Part {
  readonly name: string;
  readonly isThere: boolean;
  /** Its path, or what is missing. */
  readonly detail: string;
}

const TWINS = ['q3', 'q4', 'q3-5.2.1'];
/** The programs that make a twin besides a compiler, with Debian's packages of them. */
const TOOLS = { make: 'make', patch: 'patch', bzip2: 'bzip2', bash: 'bash' };
/** A script that compiles the smallest program with the compiler that it is given. */
const COMPILES = 'echo "int main(void) { return 0; }" | $0 -x c - -o /dev/null';
const COMPILER =
  'install a C compiler (on Debian: `apt install gcc libc6-dev`), and call `slablab setup` again';
const NOTES =
  'The recorder and the native twins are made from C sources in the package, in it or in ~/.cache/slablab. The twins need ' +
  "make, patch, bzip2 and jemalloc's source: Debian's and Ubuntu's source package without any option; elsewhere its release " +
  'archive, named as JEMALLOC_SRC=FILE in the environment (REDIS_SRC for q3-5.2.1, JEMALLOC_531_SRC for 5.3.1). ' +
  'Exit code: 0 if all was made, 1 if not, 2 for bad usage.';

export function setupCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('setup')
    .description(
      'Make what a C compiler makes: the recorder of programs and the native twins; say what is missing',
    )
    .option(
      '--build <name>',
      `Native twin to make: ${KNOWN_BUILDS.join(', ')} (repeatable; default: ${TWINS.join(', ')})`,
      append,
    );
  return addExamples(command, ['slablab setup', 'slablab setup --build q3'], NOTES).action(
    async (options: SetupOptions) => {
      show(await setup((options.build ?? TWINS).map(knownBuild)), options);
    },
  );
}

async function setup(builds: readonly string[]): Promise<CommandResult> {
  const parts = [await recorderPart()];
  for (const build of builds) parts.push(await twinPart(build));
  return {
    json: { parts },
    text: () =>
      parts
        .map(({ name, isThere, detail }) => `${name}: ${isThere ? 'made' : 'not made'}: ${detail}\n`)
        .join(''),
    exitCode: parts.every(({ isThere }) => isThere) ? 0 : 1,
    messages: [],
  };
}

async function recorderPart(): Promise<Part> {
  const made = await buildRecorder('');
  const name = 'recorder of programs (`slablab record`)';
  if ('path' in made) return { name, isThere: true, detail: made.path };
  return { name, isThere: false, detail: `${made.missing}; ${COMPILER}` };
}

async function twinPart(build: string): Promise<Part> {
  const name = `native twin of ${build} (\`--runtime native --build ${build}\`)`;
  const missing = await missingTools();
  if (missing !== undefined) return { name, isThere: false, detail: missing };
  const root = await nativeSources();
  // A checkout has rules for the tools too, and all else that they make.
  const rules = IS_CHECKOUT ? [] : ['-f', 'native/twins.mk'];
  const { code, errors } = await called('make', [...rules, 'native', `BUILD=${build}`], root);
  return code === 0
    ? { name, isThere: true, detail: `${root}/native/build/${build}/lab`.replace('//', '/') }
    : { name, isThere: false, detail: errors };
}

/** Returns what is missing to make a twin, and how to get it; undefined if nothing is. */
async function missingTools(): Promise<string | undefined> {
  const missing: string[] = [];
  for (const [program, inPackage] of Object.entries(TOOLS)) {
    if ((await called('/bin/sh', ['-c', `command -v ${program}`])).code !== 0) missing.push(inPackage);
  }
  if ((await called('/bin/sh', ['-c', COMPILES, process.env.CC ?? 'cc'])).code !== 0)
    missing.push('gcc', 'libc6-dev');
  if (missing.length === 0) return undefined;
  const packages = missing.join(' ');
  return `missing: ${packages}; install them (on Debian: \`apt install ${packages}\`), and call \`slablab setup\` again`;
}

interface Ended {
  readonly code: number | null;
  readonly errors: string;
}

function called(command: string, args: readonly string[], directory?: string): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, SLABLAB_SETUP: 'slablab setup' };
    const child = spawn(command, args, { cwd: directory, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4000);
    });
    child.on('error', ({ message }) => resolve({ code: null, errors: message }));
    child.on('close', (code) => resolve({ code, errors: errors.trim() }));
  });
}
