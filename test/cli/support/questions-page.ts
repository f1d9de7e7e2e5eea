import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { wrap } from '#slablab/src/base/index.js';
import { MAIN } from '../../support/main.js';

interface Question {
  readonly title: string;
  readonly about: string;
  /** Command lines that make what the last one needs. */
  readonly before?: readonly string[];
  /** The command that answers. */
  readonly line: string;
  /** How to read the answer. */
  readonly answer: string;
}

const QUESTIONS: readonly Question[] = [
  {
    title: 'Which keys hold the memory, and what if session:* were gone?',
    about:
      'The owners of an RDB file lead with the bytes that they hold, in how many keys, and when those expire.',
    line: 'slablab run dump.rdb --owners',
    answer:
      'Most of used_memory is `session:*`. If those keys were gone, less would come back to the system than they hold: the ' +
      'rest stays for later writes. The answer says that it is about a server as after a restart. To see each step of a ' +
      "deletion, replay it: `slablab whatif dump.rdb --then 'unlink session:*' --then purge`.",
  },
  {
    title: 'Which allocator setting suits my traffic?',
    about:
      'A sweep replays the traffic with each combination, and recommends one with what it gives and costs.',
    line: 'slablab sweep monitor.log --preset tuning-md',
    answer: 'Settings within the tolerance are equal, and then the defaults win.',
  },
  {
    title: 'Would active defragmentation help?',
    about:
      'The defragger of the modelled server runs until it rests, and the allocator decides for each region.',
    line: "slablab whatif scattered-delete --then 'set active-defrag-ignore-bytes=1mb' --then activedefrag",
    answer: 'Debian builds refuse it (`--build q4`); servers with their own jemalloc have it.',
  },
  {
    title: 'Does a newer version need less memory?',
    about: 'The same file on three servers.',
    line: 'slablab sweep dump.rdb --axis server=redis-7.0,redis-7.2,redis-8.6',
    answer:
      'How close each version is modelled to real servers is in [servers and accuracy](servers.md#accuracy); differences ' +
      'below that are none.',
  },
  {
    title: 'How large may maxmemory be, so that RSS stays below a limit?',
    about:
      'Traffic is replayed with one maxmemory after the other; the process and copy on write have their margin.',
    line: 'slablab size traffic.resp --rss 28mb --policy allkeys-lru',
    answer:
      'A limit of used_memory is not one of RSS: the rest of the room is what the allocator and the process take.',
  },
  {
    title: 'Why does my running server not give its memory back?',
    about: 'The text is what `redis-cli INFO` and `redis-cli MEMORY MALLOC-STATS` print.',
    line: 'slablab explain info.txt',
    answer: 'Every part of RSS has a verdict, and a command to try.',
  },
  {
    title: 'Does it know Redis 8 and Valkey 9?',
    about: 'A file names the server that saved it, and the nearest model is taken.',
    line: 'slablab run valkey.rdb',
    answer: 'The answer names the version of the file and the model. [Servers](servers.md) lists them.',
  },
  {
    title: 'What does jemalloc hold in my own program?',
    about: 'The text is what `malloc_stats_print` writes in any program.',
    line: 'slablab explain malloc-stats.txt',
    answer: 'A program can feed the lab itself, too: [the library](library.md) writes operation streams.',
  },
  {
    title: 'Hashes or strings?',
    about: 'Each design is a workload of its own: 3,000 hashes of eight fields, or 24,000 strings.',
    before: ['slablab run hashes.json --json > a.json', 'slablab run strings.json --json > b.json'],
    line: 'slablab compare a.json b.json --only memory',
    answer: 'used_memory leads, then resident memory.',
  },
  {
    title: 'Can CI fail if memory per session key grows?',
    about:
      'The [suite](file-formats.md#suites) has five lines. Its baseline was made by --update and is committed.',
    before: [
      'slablab bench sessions.json --update',
      "sed -i 's/ssssssssss/sssssssssssss/g' traffic.resp # a release makes values longer",
    ],
    line: 'slablab bench sessions.json',
    answer: 'The exit code is 1, which fails the build.',
  },
];

const INTRODUCTION =
  'Each is answered by one command. The files are those of a small shop, and the outputs are real: a test makes them again. ' +
  'Only the first screen of 80 columns is shown.';
/** The width of the text. */
const WIDTH = 118;
/** The lines of a terminal of 80 columns. */
const SCREEN = 24;

/** Returns docs/questions.md, with what each command prints in a directory that has the files of the shop. */
export async function questionsPage(directory: string): Promise<string> {
  const sections: string[] = [];
  for (const { title, about, before = [], line, answer } of QUESTIONS) {
    for (const earlier of before) await printed(earlier, directory);
    const lines = (await printed(line, directory)).trimEnd().split('\n');
    const shown = lines.length > SCREEN ? [...lines.slice(0, SCREEN), '…'] : lines;
    const block = [...before, line].map((command) => `    $ ${command}`);
    const output = shown.map((text) => `    ${text}`.trimEnd());
    sections.push(
      [`## ${title}`, '', ...wrap(about, WIDTH), '', ...block, ...output, '', ...wrap(answer, WIDTH)].join(
        '\n',
      ),
    );
  }
  return `${[
    '<!-- `make docs` makes this file: each command is run, and its first screen is shown. -->',
    '# Ten questions',
    ...wrap(INTRODUCTION, WIDTH).join('\n').split('\n\n'),
    ...sections,
    '## And a picture?',
    '`slablab web` shows memory as a map, in a browser and without a server.',
  ].join('\n\n')}\n`;
}

/** Returns the standard output of a command line. An exit code of 1 is an answer, too. */
async function printed(line: string, cwd: string): Promise<string> {
  const shell = `slablab() { "${process.execPath}" "${MAIN}" "$@" --quiet; }; ${line}`;
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const options = { cwd, env: { ...inherited, COLUMNS: '80' }, maxBuffer: 2 ** 26 };
  try {
    return (await promisify(execFile)('bash', ['-c', shell], options)).stdout;
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    if (code === 1 && stdout !== '') return stdout;
    throw new Error(`${line}: exit code ${code}: ${stderr}`);
  }
}
