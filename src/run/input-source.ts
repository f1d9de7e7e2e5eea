import { formatCount, InputError } from '../base/index.js';
import type { Command } from '../commands/index.js';
import type { Input, InputEvent } from '../input/index.js';
import {
  type LoadCounts,
  Loading,
  LUA_BYTES_PER_SOURCE_BYTE,
  type RedisServer,
  type ServerVersion,
  TRAFFIC_SERVER,
} from '../model/index.js';
import { commandSource, type ScriptUse } from './command-source.js';
import type { Continuation, Cut } from './continuation.js';
import { serverNamedBy, serverNote, serverSentence } from './named-server.js';
import type { RunAccounts } from './run-accounts.js';
import type { RunSource } from './run-source.js';
import { savedMemoryIn } from './saved-memory.js';

export interface InputRunOptions {
  readonly server?: string | undefined;
  readonly isCluster?: boolean;
  readonly settings?: readonly (readonly [name: string, value: string])[];
  /** Seed of the server's own random choices. */
  readonly seed?: number | undefined;
  /** Milliseconds since 1970 at virtual time 0; the default is the time in the file. */
  readonly epochMs?: (number | (() => number)) | undefined;
  /** Whether all commands arrive at time 0, in spite of times in the file. */
  readonly isUntimed?: boolean;
  /** Virtual milliseconds to continue after the last command. */
  readonly settleMs?: number;
  readonly isObserved?: boolean;
  readonly accounts?: RunAccounts | undefined;
  /** Phases after the input, or after the place at which `cut` ends it. */
  readonly continuation?: Continuation | undefined;
  readonly cut?: Exclude<Cut, { phase: string }> | undefined;
  /** The place at which the cohort is marked. */
  readonly mark?: Cut | undefined;
  readonly onUnknown?: (counts: ReadonlyMap<string, number>) => void;
}

/**
 * Returns a source that runs a file. RESP and MONITOR logs are commands of clients. RDB and append-only files are loaded
 * by the server at its start. Closing the source closes the input.
 */
export function inputSource(input: Input, options: InputRunOptions = {}): RunSource {
  const { isUntimed = false, cut, ...rest } = options;
  // Inputs in batches have no times, so there is no epoch to look for.
  const inBatches =
    options.cut === undefined && options.mark === undefined ? input.batches?.bind(input) : undefined;
  const head = new Head(inBatches === undefined ? input.events() : []);
  const epochMs = options.epochMs ?? head.epochMs;
  const named = serverNamedBy(head.kept);
  const server = options.server ?? named?.model ?? TRAFFIC_SERVER;
  if (options.mark !== undefined && !('phase' in options.mark) && input.kind === 'rdb') {
    throw new InputError(
      `--mark with ${input.path}: an RDB file has neither commands nor times; name the phase \`end\``,
    );
  }
  let unknown: ReadonlyMap<string, number> = new Map();
  let comparisons: ReadonlyMap<string, number> = new Map();
  let clockIds = 0;
  let scripts: ScriptUse | undefined;
  const loaded = new LoadedFile(input);
  const events = () => cutOff(eventsOf(input, head, isUntimed, options.epochMs !== undefined), cut);
  const source = commandSource({
    ...rest,
    server,
    name: input.path,
    placeOf: (command) => `${input.path}: ${input.placeOf(command)}`,
    commands: () => (isLoaded(input) ? [] : (inBatches?.() ?? commandsOf(events()))),
    onScripts: (use) => {
      scripts = use;
    },
    onUnknown: (counts) => {
      unknown = counts;
      options.onUnknown?.(counts);
    },
    onComparisons: (counts) => {
      comparisons = counts;
    },
    onClockIds: (count) => {
      clockIds = count;
    },
    ...(cut !== undefined && 'timeMs' in cut && !isLoaded(input) ? { endsAtMs: cut.timeMs } : {}),
    ...(isLoaded(input)
      ? { load: (server, mark) => loaded.steps(server, mark?.beforeLoaded(events()) ?? events()) }
      : {}),
    epochMs,
  });
  // A server that was chosen for traffic needs no note.
  const isChosen = !isLoaded(input) && server !== TRAFFIC_SERVER;
  const hasServerNote = () => !isChosen && !head.hasFailed;
  return {
    ...source,
    inputKind: input.kind,
    savedMemory: input.kind === 'rdb' ? savedMemoryIn(head.kept) : undefined,
    serverNote: () => (hasServerNote() ? serverSentence(named, server) : ''),
    bytes: () => ({ read: input.bytesRead, total: input.sizeBytes }),
    notes: () => [
      ...input.warnings,
      ...(hasServerNote() ? [serverNote(input.path, named, server)] : []),
      ...loaded.notes(),
      ...[...unknown].map(([name, count]) => `command ${name}, ${count} times: not modelled, and left out`),
      ...[...comparisons].map(
        ([name, count]) =>
          `command ${name}, ${count} times: a value was compared by its length, since the model keeps no values`,
      ),
      // Only files in RESP have no times.
      ...(clockIds > 0 && input.kind === 'resp' ? [clockIdNote(clockIds)] : []),
      ...(scripts === undefined ? [] : scriptNotes(input, scripts)),
    ],
    close: async () => input.close(),
  };
}

function clockIdNote(count: number): string {
  return (
    `command XADD, ${count} times: the clock gives the id, and stands still, since the file has no times; the ids of a ` +
    'server are of many milliseconds, and its pending lists may take several times as much: a MONITOR log has times'
  );
}

/** Returns notes on scripts, which are not run. Their writes are modelled only if the input also has them as commands. */
function scriptNotes({ kind }: Input, { calls, sourceBytes }: ScriptUse): string[] {
  const notes: string[] = [];
  for (const [name, count] of calls) {
    if (kind === 'monitor') break;
    notes.push(
      `command ${name.toUpperCase()}, ${count} times: scripts are not run, and what they wrote is not in the input; ` +
        'a MONITOR log or an append-only file has it',
    );
  }
  if (sourceBytes > 0) {
    notes.push(
      `scripts of ${sourceBytes} bytes are cached: Lua's own heap for them, about ` +
        `${Math.round(sourceBytes * LUA_BYTES_PER_SOURCE_BYTE)} bytes by estimate, is not in the figures (it lies in the C ` +
        "library's heap, or in jemalloc where that serves the whole process, as in Debian's redis-server)",
    );
  }
  return notes;
}

/** Returns the model that a file's metadata asks for; undefined if it names no server. The input is read, and closed. */
export function modelNamedIn(input: Input): string | undefined {
  try {
    return isLoaded(input) ? serverNamedBy(new Head(input.events()).kept)?.model : undefined;
  } finally {
    input.close();
  }
}

/** Whether a server loads the file at its start. */
export function isLoaded({ kind }: Input): boolean {
  return kind === 'rdb' || kind === 'aof';
}

/**
 * Reads the first events of an input, up to an epoch or an event that needs one. The epoch of a server is fixed when the
 * server is made, so it must be known beforehand. The events read so far are kept and repeated.
 */
class Head {
  readonly kept: InputEvent[] = [];
  readonly epochMs: number | undefined;
  readonly #events: Iterator<InputEvent, void>;
  #next: IteratorResult<InputEvent, void>;
  #failure: unknown;

  constructor(events: Iterable<InputEvent, void>) {
    this.#events = events[Symbol.iterator]();
    this.#next = this.#step();
    let epochMs: number | undefined;
    while (!this.#next.done) {
      const event = this.#next.value;
      if (event.kind === 'epoch') epochMs = event.unixMs;
      else if (event.kind === 'rdb-start' || event.kind === 'rdb-aux') this.kept.push(event);
      else break;
      this.#next = this.#step();
    }
    this.epochMs = epochMs;
  }

  /** Whether the first events could not be read. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Yields all events, each after `check`. */
  *events(check: (event: InputEvent) => void): Generator<InputEvent, void> {
    for (const event of this.kept) {
      check(event);
      yield event;
    }
    if (this.#failure !== undefined) throw this.#failure;
    for (let step = this.#next; !step.done; step = this.#events.next()) {
      check(step.value);
      yield step.value;
    }
  }

  /** Returns the next event. An error is kept, so that the run reports it after the events before it. */
  #step(): IteratorResult<InputEvent, void> {
    try {
      return this.#events.next();
    } catch (error) {
      this.#failure = error;
      return { done: true, value: undefined };
    }
  }
}

function eventsOf(
  input: Input,
  head: Head,
  isUntimed: boolean,
  isEpochGiven: boolean,
): Generator<InputEvent, void> {
  return head.events((event) => {
    if (event.kind === 'epoch' && !isEpochGiven) {
      throw new InputError(
        `${input.path}: commands come before the first timestamp, so absolute expire times cannot be told; ` +
          'start the file at a timestamp (`#TS:`)',
      );
    }
    if (event.kind === 'command' && isUntimed) event.command.timeMs = 0;
  });
}

function cutOff(events: Iterable<InputEvent>, cut: InputRunOptions['cut']): Iterable<InputEvent> {
  return cut === undefined ? events : eventsBefore(cut, events);
}

/** Yields the events before the place at which an input is cut off. */
function* eventsBefore(
  cut: NonNullable<InputRunOptions['cut']>,
  events: Iterable<InputEvent>,
): Generator<InputEvent, void> {
  let commands = 0;
  for (const event of events) {
    if (event.kind === 'command') {
      if ('commands' in cut ? commands === cut.commands : event.command.timeMs > cut.timeMs) return;
      commands++;
    }
    yield event;
  }
}

function* commandsOf(events: Iterable<InputEvent>): Generator<Command> {
  for (const event of events) if (event.kind === 'command') yield event.command;
}

/** Loads a file into a server, and collects notes on it. */
class LoadedFile {
  readonly #input: Input;
  #counts: Readonly<LoadCounts> | undefined;
  #version: ServerVersion | undefined;

  constructor(input: Input) {
    this.#input = input;
  }

  steps(server: RedisServer, events: Iterable<InputEvent>): Generator<void> {
    const input = this.#input;
    const loading = new Loading(server, {
      isLog: input.kind === 'aof',
      refuse: (found, command) => {
        const place = command === undefined ? `byte ${input.bytesRead}` : input.placeOf(command);
        return new InputError(
          `${input.path}: ${place}: ${found}; a server stops here and refuses the file: save it again`,
        );
      },
    });
    this.#counts = loading.counts;
    this.#version = server.version;
    return loading.steps(events);
  }

  notes(): string[] {
    const { keys = 0, expired = 0, expiringFields = 0, libraries = 0, rdbVersion = 0 } = this.#counts ?? {};
    const notes: string[] = [];
    const say = (count: number, one: string, many: string) => {
      if (count > 0) notes.push(`${this.#input.path}: ${formatCount(count)} ${count === 1 ? one : many}`);
    };
    say(keys, 'key loaded', 'keys loaded');
    say(
      expired,
      'key had expired when the file was saved, and was dropped',
      'keys had expired when the file was saved, and were dropped',
    );
    say(
      expiringFields,
      'field is in a hash whose fields can expire: loaded as one that cannot',
      'fields are in hashes whose fields can expire: loaded as fields that cannot',
    );
    say(
      libraries,
      'function library: its source is counted, what Lua makes of it is not',
      'function libraries: their source is counted, what Lua makes of it is not',
    );
    const { name, rdbVersion: newest = 0 } = this.#version ?? {};
    if (rdbVersion > newest) {
      notes.push(
        `${this.#input.path}: RDB version ${rdbVersion} is newer than ${newest}, the last that ${name} reads: ` +
          'a real one refuses it; loaded here as far as its values are known',
      );
    }
    return notes;
  }
}
