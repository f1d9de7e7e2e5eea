import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { formatCount, InputError } from '../base/index.js';
import { OpsFileWriter, openPlain, STDIN, wholeIfPacked } from '../stream/node.js';
import { type LoggedCall, parseLogLine } from './log-lines.js';
import { Translator } from './translator.js';
import { peakOf, recordedCounts, type WrittenTrace } from './written-trace.js';

const PAGE_LOG2 = 12;

/** Turns a log of Mozilla's logalloc into an `.ops` file. The first process of the log is taken. */
export async function convertLog(from: string, to: string): Promise<WrittenTrace> {
  const log = new LogTranslation();
  const metadata = {
    workload: basename(from),
    server: 'none',
    parameters: {},
    phases: ['end'],
    program: { command: [basename(from)] },
  };
  const file = await OpsFileWriter.create(to, metadata, { isPacked: true });
  try {
    const lines = createInterface({ input: await openPlain(from), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) {
      log.line(line);
      if (log.translator.isFull) for (const chunk of log.translator.takeFull()) await file.write(chunk);
    }
    if (log.pid === undefined) {
      throw new InputError(
        `${from}: no line of it is a call, as in \`18545 18545 malloc(32)=0x7f90495120e0\`; name a log of logalloc`,
      );
    }
    for (const chunk of log.translator.finish()) await file.write(chunk);
    const { counts, operations } = log.translator;
    const recorded = recordedCounts(operations, counts, log.malformed);
    await file.writeNames({ owners: [], recorded, ...peakOf(log.translator.peakAt) });
    await file.finish();
    return { operations, counts, sites: 0, recorded, problems: log.problems(from) };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

const BEGIN_BYTES = 4096;

/** Whether a file is a log of logalloc by its first line that is not empty. A pipe is not opened. */
export async function isLog(path: string): Promise<boolean> {
  if (path !== STDIN && !(await stat(path)).isFile()) return false;
  const plain = await wholeIfPacked(path);
  if (plain !== undefined) return startsAsLog(Buffer.from(plain.subarray(0, BEGIN_BYTES)));
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(BEGIN_BYTES), 0, BEGIN_BYTES, 0);
    return startsAsLog(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function startsAsLog(begin: Buffer): boolean {
  const first = begin
    .toString('latin1')
    .split('\n')
    .find((line) => line.trim() !== '');
  return first !== undefined && parseLogLine(first) !== undefined;
}

class LogTranslation {
  readonly translator = new Translator();
  pid: string | undefined;
  malformed = 0;
  #firstMalformed = 0;
  #lines = 0;
  #otherProcesses = 0;
  readonly #threads = new Map<string, number>();

  line(text: string): void {
    this.#lines++;
    if (text.trim() === '') return;
    const call = parseLogLine(text);
    if (call === undefined) {
      if (this.malformed++ === 0) this.#firstMalformed = this.#lines;
      return;
    }
    this.pid ??= call.pid;
    if (call.pid === this.pid) this.#translate(call);
    else this.#otherProcesses++;
  }

  problems(path: string): string[] {
    const problems: string[] = [];
    if (this.malformed > 0) {
      problems.push(
        `${path}: line ${this.#firstMalformed}: not a call; ${formatCount(this.malformed)} such lines were left out`,
      );
    }
    if (this.#otherProcesses > 0) {
      problems.push(
        `${path}: ${formatCount(this.#otherProcesses)} calls of other processes than ${this.pid} were left out`,
      );
    }
    return problems;
  }

  #translate({ tid, name, args, result = 0 }: LoggedCall): void {
    const { translator } = this;
    const [first = 0, second = 0] = args;
    if (name === 'jemalloc_stats' || (name === 'free' && first === 0)) return;
    let thread = this.#threads.get(tid);
    if (thread === undefined) {
      thread = this.#threads.size;
      this.#threads.set(tid, thread);
    }
    translator.thread(thread);
    if (name === 'free') {
      translator.release(first, 'free');
      return;
    }
    if (name === 'realloc' && first !== 0) {
      if (result === 0 && second > 0) translator.failed();
      else translator.endResize('realloc', translator.beginResize(first), result, second, 0);
      return;
    }
    if (result === 0) {
      translator.failed();
      return;
    }
    switch (name) {
      case 'malloc':
        translator.obtain('malloc', result, first, 0);
        break;
      case 'realloc':
        translator.obtain('malloc', result, second, 0);
        break;
      case 'calloc':
        translator.obtain('calloc', result, first * second, 0);
        break;
      case 'valloc':
        translator.obtainAligned(result, PAGE_LOG2, first, 0);
        break;
      default:
        translator.obtainAligned(result, Math.floor(Math.log2(Math.max(1, first))), second, 0);
    }
  }
}
