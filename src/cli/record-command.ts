import { stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { Command, Option } from 'commander';
import { formatBytes, formatCount, InputError } from '../base/index.js';
import { isOpsFile } from '../stream/node.js';
import {
  buildRecorder,
  convertLog,
  convertToLog,
  findRecorder,
  isAlive,
  listImages,
  nameOf,
  type ProgramEnd,
  type RawRecording,
  type RecordedImage,
  RecordingSession,
  recordableProgram,
  State,
  type WrittenTrace,
  writeTrace,
} from '../trace/node.js';
import { append, integer, seconds, sizeOption } from './arguments.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { printMessage } from './output.js';
import { countNotes } from './record-notes.js';
import { aboutOption, withInputError } from './system-errors.js';

interface RecordOptions extends CommonOptions {
  readonly out: string;
  readonly stacks: number;
  readonly for?: number;
  readonly maxSize: number;
  readonly prefix: string;
  readonly preload?: readonly string[];
  readonly startPaused?: boolean;
  readonly all?: boolean;
  readonly convert?: string;
}

/** An image whose operations were written. */
interface Written {
  readonly image: RecordedImage;
  readonly path: string;
  readonly trace: WrittenTrace;
}

const EXAMPLES = [
  'slablab record --out trace.ops --preload libjemalloc.so.2 -- python3 job.py',
  'slablab record --out trace.ops --stacks 4 --for 60 -- ./my-server --port 9000',
  'slablab record --convert firefox.log --out trace.ops',
  'slablab run trace.ops --owners',
];

const NOTES =
  'The program runs as it would without slablab, with its own input and output. SIGUSR2 to slablab pauses recording, and ' +
  'the next one continues it. Ctrl-C ends the program, and the trace is written. Exit code: that of the program, or 128 ' +
  'and the number of the signal that ended it; 1 if nothing was recorded, 2 for bad usage or output that could not be ' +
  'written.';

export function recordCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('record')
    .description('Run any program, and record its calls to malloc and free as operations')
    .argument('[program...]', 'Program and its arguments, after `--`')
    .requiredOption('--out <file>', 'File to write the operations to (.ops)')
    .option(
      '--stacks <number>',
      'Return addresses to record for each call, 0 to 32',
      integer('--stacks', 0, 32),
      1,
    )
    .option('--for <seconds>', 'Stop recording after this time; the program runs on', seconds('--for'))
    .addOption(
      sizeOption('--max-size <size>', 'Stop recording at this size of the raw recording', 8 * 1024 ** 3),
    )
    .option(
      '--preload <library>',
      'Library to run the program on, such as libjemalloc.so.2 (repeatable)',
      append,
    )
    .addOption(
      new Option('--prefix <prefix>', 'Prefix of the functions to record, such as je_').default('', 'none'),
    )
    .option('--start-paused', 'Begin to record at the first SIGUSR2')
    .option(
      '--convert <file>',
      'Convert a log of logalloc to operations, operations to a log (--out FILE.log), or a recording that was left',
    )
    .option('--all', 'Write a file for each image that ran, not only for the one with most operations');
  return addExamples(command, EXAMPLES, NOTES).action(
    async (program: readonly string[], options: RecordOptions) => {
      show(await outcomeOf(program, options), options);
    },
  );
}

function outcomeOf(program: readonly string[], options: RecordOptions): Promise<CommandResult> {
  const { convert } = options;
  if (convert === undefined && program.length > 0) return recordProgram(program, options);
  if (convert !== undefined && program.length === 0) return converted(convert, options);
  throw new InputError(
    convert === undefined
      ? 'no program is named; name it with its arguments after `--`'
      : `--convert ${convert} runs no program; leave out ${program.join(' ')}`,
  );
}

async function converted(from: string, options: RecordOptions): Promise<CommandResult> {
  const { out } = options;
  return withInputError(`--convert ${from}`, 'name a readable file', async () => {
    if ((await stat(from)).isDirectory()) return convertedRecording(from, options);
    if (await isOpsFile(from)) {
      const { lines, leftOut } = await convertToLog(from, out);
      const messages = [`${formatCount(lines)} calls written to ${out}`];
      if (leftOut > 0) messages.push(`${formatCount(leftOut)} operations have no form in a log: left out`);
      return { json: { out, lines, leftOut }, text: () => '', exitCode: 0, messages };
    }
    const { operations, counts, problems } = await aboutOption('--convert', () => convertLog(from, out));
    const messages = [
      `${formatCount(operations)} operations written to ${out}`,
      ...countNotes(counts),
      ...problems,
      `try: slablab run ${out}`,
    ];
    return { json: { out, operations, counts, problems }, text: () => '', exitCode: 0, messages };
  });
}

/** Writes the trace of a recording that slablab could not bring to its end. Its directory stays. */
async function convertedRecording(directory: string, options: RecordOptions): Promise<CommandResult> {
  if (listImages(directory).images.length === 0) {
    throw new InputError(
      `--convert ${directory}: no recording is in it; name a directory .FILE.recording-… that slablab left`,
    );
  }
  const session = RecordingSession.reopen(directory);
  try {
    const result = await writtenResult(session, undefined, options);
    return {
      ...result,
      messages: [...(result.messages ?? []), `${directory} is kept; remove it by yourself`],
    };
  } finally {
    session.leave();
  }
}

async function recordProgram(
  [name = '', ...args]: readonly string[],
  options: RecordOptions,
): Promise<CommandResult> {
  const { out, prefix, stacks, maxSize, preload = [], startPaused = false, json = false, quiet } = options;
  if (!/^\w*$/.test(prefix)) {
    throw new InputError(`--prefix ${prefix}: write what comes before \`malloc\`, for example je_`);
  }
  const program = recordableProgram(name, prefix);
  const library = await recorderFor(prefix);
  const session = await aboutOption('--out', () =>
    RecordingSession.open(out, { isPaused: startPaused, maxBytes: maxSize }),
  );
  for (const other of RecordingSession.others(out)) {
    if (other !== session.directory && !quiet) printMessage(leftRecording(other));
  }
  let end: ProgramEnd;
  try {
    const run = () => session.run(program, args, { library, preload, stacks, redirects: json });
    end = await runRecorded(session, run, options);
  } catch (error) {
    await session.close();
    throw error;
  }
  let result: CommandResult;
  try {
    result = await writtenResult(session, end, options);
  } catch (error) {
    session.leave();
    printMessage(`the recording is kept: slablab record --convert ${session.directory} --out FILE`);
    throw error;
  }
  await session.close();
  return result;
}

function leftRecording(directory: string): string {
  return (
    `${directory}: another recording of this name runs, or was ended by force; ` +
    `slablab record --convert ${directory} --out FILE writes its trace`
  );
}

/** Ends a recording, and writes its trace. The end of the program is unknown if slablab was ended before. */
async function writtenResult(
  session: RecordingSession,
  end: ProgramEnd | undefined,
  options: RecordOptions,
): Promise<CommandResult> {
  const isFull = session.state === State.full;
  session.setState(State.stopped);
  const recording = listImages(session.directory);
  const written = await writeAll(recording, options);
  return resultOf(recording, written, end, isFull, options);
}

async function recorderFor(prefix: string): Promise<string> {
  const found = await findRecorder(prefix);
  if (found !== undefined) return found;
  const made = await buildRecorder(prefix);
  if ('path' in made) return made.path;
  throw new InputError(
    `the recorder has not been made, and cannot be made here: ${made.missing}; install a C compiler (on Debian: ` +
      '`apt install gcc libc6-dev`), and call `slablab setup`',
  );
}

/** Runs the program to its end. Signals of the terminal reach it by themselves; others are passed on. */
async function runRecorded(
  session: RecordingSession,
  run: () => Promise<ProgramEnd>,
  { for: forSeconds, quiet = false }: RecordOptions,
): Promise<ProgramEnd> {
  const say = (message: string) => {
    if (!quiet) printMessage(message);
  };
  const stop = () => {
    session.setState(State.stopped);
    say('recording stopped; the program runs on');
  };
  const toggle = () => {
    const isPaused = session.state === State.paused;
    session.setState(isPaused ? State.recording : State.paused);
    say(isPaused ? 'recording' : 'paused');
  };
  const ignore = () => {};
  const passOn = (signal: NodeJS.Signals) => session.kill(signal);
  process.on('SIGINT', ignore);
  process.on('SIGUSR2', toggle);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, passOn);
  const timer = forSeconds === undefined ? undefined : setTimeout(stop, forSeconds * 1000);
  try {
    return await run();
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', ignore);
    process.off('SIGUSR2', toggle);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, passOn);
  }
}

/** Writes the image with the most operations, or all that have some. */
async function writeAll({ images }: RawRecording, { out, all = false }: RecordOptions): Promise<Written[]> {
  const used = images.filter(({ streamBytes }) => streamBytes > 0);
  const written: Written[] = [];
  for (const image of all ? used : used.slice(0, 1)) {
    const isFirst = written.length === 0;
    const path = isFirst
      ? out
      : `${out.replace(/\.ops$/, '')}-${image.facts.pid}-${nameOf(image.facts.image, [])}.ops`;
    written.push({ image, path, trace: await aboutOption('--out', () => writeTrace(image, path)) });
  }
  return written;
}

function resultOf(
  { images, problems }: RawRecording,
  written: readonly Written[],
  end: ProgramEnd | undefined,
  isFull: boolean,
  { startPaused = false, maxSize, prefix, out }: RecordOptions,
): CommandResult {
  const messages: string[] = [...problems];
  for (const { image, path, trace } of written) {
    messages.push(
      `${formatCount(trace.operations)} operations of ${image.facts.command.join(' ')} written to ${path}`,
    );
    messages.push(...notesOn(image, trace).filter((note) => !messages.includes(note)));
  }
  const others = images.filter((image) => !written.some((one) => one.image === image));
  if (others.length > 0) {
    messages.push(`${formatCount(others.length)} more ran, which \`--all\` writes too:`);
    for (const { facts, streamBytes } of others) {
      messages.push(`  ${facts.pid} ${facts.image}: ${formatBytes(streamBytes)} of raw recording`);
    }
  }
  const alive = images.filter(({ facts }) => isAlive(facts.pid));
  for (const { facts } of alive) {
    messages.push(`process ${facts.pid} (${facts.image}) runs on: what it does now is not recorded`);
  }
  if (isFull) {
    messages.push(`recording stopped at ${formatBytes(maxSize)}; \`--max-size\` sets another limit`);
  }
  if (end !== undefined) messages.push(endOf(end));
  if (written[0] !== undefined) messages.push(`try: slablab run ${written[0].path} --owners`);
  const error = written.length > 0 ? undefined : nothingRecorded(images, startPaused, prefix);
  return {
    json: jsonOf(images, written, end, out),
    text: () => '',
    exitCode: error === undefined ? exitCodeOf(end) : 1,
    messages,
    ...(error === undefined ? {} : { error }),
  };
}

function jsonOf(
  images: readonly RecordedImage[],
  written: readonly Written[],
  end: ProgramEnd | undefined,
  out: string,
): unknown {
  return {
    out,
    exitCode: end?.exitCode ?? null,
    signal: end?.signal ?? null,
    images: images.map((image) => {
      const own = written.find((one) => one.image === image);
      const { pid, command, library, version, quantum, narenas } = image.facts;
      return {
        pid,
        image: image.facts.image,
        command,
        ...(library === undefined ? {} : { library }),
        ...(version === undefined ? {} : { jemalloc: version }),
        ...(quantum === undefined ? {} : { quantum }),
        ...(narenas === undefined ? {} : { narenas }),
        rawBytes: image.streamBytes,
        lost: image.lost,
        ...(own === undefined
          ? {}
          : { path: own.path, operations: own.trace.operations, counts: own.trace.counts }),
      };
    }),
  };
}

/** Returns what a reader of the trace should know. */
function notesOn({ facts, lost, sitesLost, fullReason }: RecordedImage, trace: WrittenTrace): string[] {
  const notes = countNotes(trace.counts);
  if (!facts.isJemalloc) {
    notes.unshift(
      `it ran on ${facts.library ?? 'the C library'}, not on jemalloc: the operations are its own, and programs that ` +
        'ask for usable sizes would do others on jemalloc; `--preload libjemalloc.so.2` runs it there',
    );
  }
  const reason = fullReason === 0 ? '' : `: ${reasonOf(fullReason)}`;
  if (lost > 0) notes.push(`${formatCount(lost)} calls were not recorded${reason}`);
  if (sitesLost > 0) notes.push(`${formatCount(sitesLost)} calls have no site: the table of sites was full`);
  return [...notes, ...trace.problems];
}

const REASONS: Readonly<Record<number, string>> = {
  2: 'the program changed its root, and the directory of the recording is not below it',
  13: 'the program gave up the rights to write to the recording',
  27: 'the program limits the size of files (ulimit -f)',
  28: 'the disk is full',
  122: 'the disk quota is used up',
};

function reasonOf(code: number): string {
  return REASONS[code] ?? `error ${code} of the system`;
}

/** Returns what a shell would have as the program's code: as `time`, `strace` and others that run a program do. */
function exitCodeOf({ exitCode, signal }: ProgramEnd = { exitCode: 0, signal: null }): number {
  return signal === null ? (exitCode ?? 0) : 128 + constants.signals[signal];
}

function endOf({ exitCode, signal }: ProgramEnd): string {
  return signal === null ? `the program ended with code ${exitCode}` : `the program was ended by ${signal}`;
}

function nothingRecorded(images: readonly RecordedImage[], isPaused: boolean, prefix: string): InputError {
  if (images.length === 0) {
    return new InputError(
      'nothing was recorded: the recorder was not loaded; the program cleared its environment, or has capabilities for ' +
        'which the loader drops preloaded libraries',
    );
  }
  if (isPaused)
    return new InputError(
      'nothing was recorded: send SIGUSR2 to slablab to begin, or leave out --start-paused',
    );
  if (prefix !== '')
    return new InputError(
      `nothing was recorded: the program did not call \`${prefix}malloc\`; leave out --prefix`,
    );
  return new InputError('nothing was recorded: the program did not allocate');
}
