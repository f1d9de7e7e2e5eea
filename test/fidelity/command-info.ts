/** What real servers reply to COMMAND, as data. command-info/README.md says how to record another server. */
import { readdirSync, readFileSync } from 'node:fs';

export const COMMAND_INFO_SCHEMA = 'slablab.command-info/1';

/** One command or subcommand: name, arity, flags, first key, last key, step, and how movable keys are found. */
export type RecordedCommand = readonly [
  name: string,
  arity: number,
  flags: string,
  firstKey: number,
  lastKey: number,
  keyStep: number,
  keySearches: readonly string[],
];

export interface RecordedCommands {
  readonly schema: typeof COMMAND_INFO_SCHEMA;
  /** Product and version: redis-7.0.15. */
  readonly server: string;
  /** Where the binary came from. */
  readonly built: string;
  readonly commands: readonly RecordedCommand[];
}

const DIRECTORY = new URL('command-info/', import.meta.url);

/** Returns the recordings of all servers. */
export function recordedCommands(): RecordedCommands[] {
  return readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, DIRECTORY), 'utf8')) as RecordedCommands);
}

/** Returns a row for each command in a reply to COMMAND, subcommands included, sorted by name. */
export function rowsOfReply(reply: unknown): RecordedCommand[] {
  const rows = listOf(reply).flatMap(rowsOfCommand);
  return rows.sort(([left], [right]) => (left < right ? -1 : 1));
}

/**
 * Returns a line for each command in a reply to COMMAND, subcommands included, sorted by name: its categories of access
 * control, its tips and its key specifications, separated by tabs.
 */
export function factsOfReply(reply: unknown): string[] {
  return listOf(reply).flatMap(factsOfCommand).sort();
}

function factsOfCommand(entry: unknown): string[] {
  const [name, , , , , , categories, tips, specs, subcommands] = listOf(entry);
  const words = (list: unknown) => listOf(list).join(' ');
  const keys = listOf(specs).map((spec) => `${words(mapOf(spec).get('flags'))}: ${searchOf(spec)}`);
  const line = [name, words(categories), words(tips), keys.join('; ')].join('\t');
  return [line, ...listOf(subcommands).flatMap(factsOfCommand)];
}

/** Returns the recorded lines of factsOfReply of a server. */
export function recordedFacts(server: string): string[] {
  return readFileSync(new URL(`${server}.tsv`, DIRECTORY), 'utf8')
    .trimEnd()
    .split('\n');
}

function rowsOfCommand(entry: unknown): RecordedCommand[] {
  const [name, arity, flags, first, last, step, , , specs, subcommands] = listOf(entry);
  const row: RecordedCommand = [
    String(name),
    Number(arity),
    listOf(flags).map(String).sort().join(' '),
    Number(first),
    Number(last),
    Number(step),
    listOf(flags).includes('movablekeys') ? listOf(specs).map(searchOf) : [],
  ];
  return [row, ...listOf(subcommands).flatMap(rowsOfCommand)];
}

/** Returns a key specification in short: "index 1, range 0 1 0". */
function searchOf(spec: unknown): string {
  const parts = mapOf(spec);
  return ['begin_search', 'find_keys']
    .map((part) => {
      const search = mapOf(parts.get(part));
      const details = [...mapOf(search.get('spec')).values()].map(String);
      return [String(search.get('type')), ...details].join(' ');
    })
    .join(', ');
}

function mapOf(flat: unknown): Map<string, unknown> {
  const list = listOf(flat);
  return new Map(list.flatMap((key, at) => (at % 2 === 0 ? [[String(key), list[at + 1]] as const] : [])));
}

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error(`the reply has ${JSON.stringify(value)} where a list belongs`);
  return value;
}
