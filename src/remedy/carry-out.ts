import { utf8AsLatin1 } from '../base/index.js';
import type { Input } from '../input/index.js';
import type { RedisServer } from '../model/index.js';
import type { OpChunk, OpWriter } from '../stream/index.js';
import { scanCalls } from './matching-keys.js';
import type { Operator } from './operator.js';
import { passTime } from './pass-time.js';
import { commandsOfSecond } from './second-input.js';
import { type DeleteStep, type ExpireStep, type Step, turnsDefragOn } from './step.js';

/** The server that carries out steps, and what they need. */
export interface Workbench {
  readonly server: RedisServer;
  readonly writer: OpWriter;
  readonly operator: Operator;
  /** Opens the file of an input step. */
  readonly openInput: (path: string) => Input;
  /** Receives remarks on a step. */
  readonly note: (text: string) => void;
}

/** The longest time to wait until the defragger rests. */
const MAX_DEFRAG_MS = 600_000;
/** The longest time to wait for active expiry, which deletes keys in each tick. */
const MAX_EXPIRY_MS = 600_000;

/** Carries out a step on a running server. */
export function* carryOut(step: Step, bench: Workbench): Generator<OpChunk, void> {
  const { server, writer, operator } = bench;
  switch (step.kind) {
    case 'delete':
      yield* remove(step, bench);
      break;
    case 'expire':
      yield* expire(step, bench);
      break;
    case 'flush':
      yield* operator.once(step.command);
      break;
    case 'purge':
      yield* operator.once('MEMORY', 'PURGE');
      break;
    case 'set':
      yield* operator.once('CONFIG', 'SET', step.name, step.value);
      if (turnsDefragOn(step))
        bench.note('no time has passed since then; `activedefrag` after it runs until it rests');
      break;
    case 'wait':
      yield* passTime(server, writer, step.ms);
      break;
    case 'activedefrag':
      yield* defragment(bench);
      break;
    case 'input':
      yield* send(step.path, bench);
      break;
    default:
      throw new Error(`step '${step.text}' needs a new process`);
  }
  if (writer.full) yield* writer.takeFull();
}

/** Turns active defragmentation on, and waits until it rests. It stays on. */
function* defragment({ server, operator, note }: Workbench): Generator<OpChunk, void> {
  yield* operator.once('CONFIG', 'SET', 'activedefrag', 'yes');
  const rests = yield* server.defragment(MAX_DEFRAG_MS);
  if (!rests) note('active defragmentation still ran after 10 minutes');
}

function* remove({ command, pattern }: DeleteStep, bench: Workbench): Generator<OpChunk, void> {
  const count = yield* forEachKey(bench, pattern, (key) => [command, key]);
  if (count === 0) bench.note(`no key matches ${pattern}`);
}

function* expire({ pattern, ms }: ExpireStep, bench: Workbench): Generator<OpChunk, void> {
  const { server, writer } = bench;
  const count = yield* forEachKey(bench, pattern, (key) => ['PEXPIRE', key, `${ms}`]);
  if (count === 0) {
    bench.note(`no key matches ${pattern}`);
    return;
  }
  // A key is there in the millisecond of its expiry.
  yield* passTime(server, writer, ms + 1);
  const untilMs = server.nowMs + MAX_EXPIRY_MS;
  while (expiredKeys(server) > 0 && server.nowMs < untilMs) yield* passTime(server, writer, 1000);
  const left = expiredKeys(server);
  if (left > 0) bench.note(`${left} expired keys are still there after 10 minutes`);
}

/** Sends a command for each key that matches, in each database that has keys. Returns the number of matching keys. */
function* forEachKey(
  { server, operator }: Workbench,
  pattern: string,
  wordsFor: (key: string) => readonly string[],
): Generator<OpChunk, number> {
  const bytes = utf8AsLatin1(pattern);
  let count = 0;
  for (const [number, { keys }] of server.databases.entries()) {
    if (keys.used === 0) continue;
    const scanner = operator.connect();
    const sender = operator.connect();
    let isSelected = number === 0;
    if (!isSelected) yield* operator.send(scanner, 'SELECT', `${number}`);
    for (const { cursor, names } of scanCalls(server, number, bytes)) {
      yield* operator.send(scanner, 'SCAN', `${cursor}`, 'MATCH', bytes);
      for (const name of names) {
        if (!isSelected) yield* operator.send(sender, 'SELECT', `${number}`);
        isSelected = true;
        yield* operator.send(sender, ...wordsFor(name));
        count++;
      }
    }
    operator.disconnect(scanner);
    operator.disconnect(sender);
  }
  return count;
}

function expiredKeys({ databases, keyspace, nowMs }: RedisServer): number {
  let count = 0;
  for (const { expires } of databases) {
    for (const row of expires.rows()) if (keyspace.expiryOf(row) < nowMs) count++;
  }
  return count;
}

/** Sends the commands of a second file. */
function* send(path: string, { server, operator, openInput, note }: Workbench): Generator<OpChunk, void> {
  const input = openInput(path);
  const { placeOf } = server.gaps;
  server.gaps.placeOf = (command) => `${input.path}: ${input.placeOf(command)}`;
  try {
    function* counted() {
      for (const command of commandsOfSecond(input, server)) {
        operator.sent++;
        yield command;
      }
    }
    yield* server.run(counted());
  } finally {
    server.gaps.placeOf = placeOf;
    for (const warning of input.warnings) note(warning);
    input.close();
  }
}
