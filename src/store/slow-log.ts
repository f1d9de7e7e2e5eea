/** A command that took long. */
export interface SlowCommand {
  readonly id: number;
  readonly atMs: number;
  readonly microseconds: number;
  readonly args: readonly string[];
  readonly address: string;
  readonly client: string;
}

/** The limits of what is kept of a command (slowlog.h). */
const MAX_ARGUMENTS = 32;
const MAX_BYTES = 128;

/** Keeps the commands that took longest, as SLOWLOG shows them. The newest is the first. */
export class SlowLog {
  /** The duration from which on a command is kept; below zero, none is. */
  thresholdMicroseconds = 10_000;
  readonly #entries: SlowCommand[] = [];
  #next = 0;
  #most = 128;

  get entries(): readonly SlowCommand[] {
    return this.#entries;
  }

  /** Keeps at most this many commands, and drops older ones when the next one is added. */
  limitTo(most: number): void {
    this.#most = most;
  }

  isSlow(microseconds: number): boolean {
    return this.thresholdMicroseconds >= 0 && microseconds >= this.thresholdMicroseconds;
  }

  add(command: Omit<SlowCommand, 'id'>): void {
    this.#entries.unshift({ ...command, args: shortened(redacted(command.args)), id: this.#next++ });
    this.#entries.length = Math.min(this.#entries.length, this.#most);
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

function shortened(args: readonly string[]): string[] {
  const kept = args.length > MAX_ARGUMENTS ? args.slice(0, MAX_ARGUMENTS - 1) : args;
  const texts = kept.map((arg) =>
    arg.length > MAX_BYTES ? `${arg.slice(0, MAX_BYTES)}... (${arg.length - MAX_BYTES} more bytes)` : arg,
  );
  if (kept.length < args.length) texts.push(`... (${args.length - kept.length} more arguments)`);
  return texts;
}

const REDACTED = '(redacted)';
/** The settings whose values are secret. */
const SECRET: ReadonlySet<string> = new Set([
  'requirepass',
  'masterauth',
  'primaryauth',
  'masteruser',
  'primaryuser',
  'tls-key-file-pass',
  'tls-client-key-file-pass',
]);

/** Returns the arguments without passwords. */
function redacted(args: readonly string[]): readonly string[] {
  const words = args.map((arg) => arg.toLowerCase());
  switch (words[0]) {
    case 'auth':
      return args.map((arg, at) => (at === 0 ? arg : REDACTED));
    case 'hello': {
      const auth = words.indexOf('auth', 1);
      return args.map((arg, at) => (auth > 0 && (at === auth + 1 || at === auth + 2) ? REDACTED : arg));
    }
    case 'config': {
      const isValue = (at: number) => at > 2 && at % 2 === 1 && SECRET.has(words[at - 1]!);
      return words[1] === 'set' ? args.map((arg, at) => (isValue(at) ? REDACTED : arg)) : args;
    }
    default:
      return args;
  }
}
