/** Holds the command table to what real servers reply to COMMAND, as recorded in test/fidelity/command-info. */
import { describe, expect, test } from 'vitest';
import { ALL_COMMANDS, type CommandInfo, commandsOf } from '#slablab/src/commands/index.js';
import type { Release } from '#slablab/src/commands/release.js';
import { commandTable, SERVERS } from '#slablab/src/model/index.js';
import type { KeySpecRow } from '#slablab/src/store/command-fact-table.js';
import { categoriesOf, keySpecsOf, tipsOf } from '#slablab/src/store/command-facts.js';
import { storeCommands } from '#slablab/src/store/commands/handlers.js';
import { type RecordedCommand, recordedCommands, recordedFacts } from '../fidelity/command-info.js';

const RECORDINGS = recordedCommands();
const isRecorded = (version: string) => RECORDINGS.some(({ server }) => server.startsWith(`${version}.`));
const isModelled = (server: string) => SERVERS.some(({ name }) => server.startsWith(`${name}.`));

/** Versions of which no server was at hand to record; their commands follow from the versions around them. */
const UNRECORDED = ['redis-7.4'];

test('every modelled server version is recorded', () => {
  expect(SERVERS.map(({ name }) => name).filter((name) => !isRecorded(name))).toEqual(UNRECORDED);
});

describe.each(RECORDINGS)('$server', ({ server, commands }) => {
  const infos = commandsOf(releaseOf(server));
  const rows = new Map(commands.map((row) => [row[0], row]));

  test('has every command that the table has for it', () => {
    expect([...infos.keys()].filter((name) => !rows.has(name))).toEqual([]);
  });

  test.runIf(isModelled(server))('has no other command', () => {
    const own = [...rows].filter(([, [, , flags]]) => !flags.split(' ').includes('module'));
    expect(own.map(([name]) => name).filter((name) => !infos.has(name))).toEqual([]);
  });

  const both = [...infos.values()].flatMap((info) => {
    const row = rows.get(info.name);
    return row === undefined ? [] : [{ info, row }];
  });

  test('has the arities, flags and keys of the table', () => {
    expect(both.map(({ info }) => factsOf(info))).toEqual(both.map(({ row }) => row.slice(0, 6)));
  });

  test('finds movable keys as the table does', () => {
    expect(both.map(({ info }) => movableOf(info))).toEqual(both.map(({ row }) => movableInRow(row)));
  });

  test('has the categories, tips and key specifications that the store replies', () => {
    const release = releaseOf(server);
    const recorded = recordedFacts(server).filter((line) => infos.has(line.split('\t')[0]!));
    const said = [...infos.values()].map((info) => {
      const categories = categoriesOf(info, release).map((category) => `@${category}`);
      const specs = keySpecsOf(info, release).map(specText);
      return [info.name, categories.join(' '), tipsOf(info, release).join(' '), specs.join('; ')].join('\t');
    });
    expect(said.sort()).toEqual(recorded);
  });

  test('has the subcommands of the table', () => {
    const wordsIn = (container: string) =>
      [...rows.keys()].flatMap((name) => (name.startsWith(`${container}|`) ? [name.split('|')[1]] : []));
    for (const { name, subcommands } of infos.values()) {
      const words = [...(subcommands?.keys() ?? [])].sort();
      if (isModelled(server)) expect(words, name).toEqual(wordsIn(name).sort());
      else expect(wordsIn(name), name).toEqual(expect.arrayContaining(words));
    }
  });
});

function releaseOf(server: string): Release {
  const [product, release = ''] = server.split('-');
  return { product: product === 'valkey' ? 'valkey' : 'redis', release };
}

function specText({ flags, begin, find }: KeySpecRow): string {
  const start = typeof begin === 'number' ? `index ${begin}` : [begin].flat().join(' ');
  const isWord = typeof begin !== 'number' && begin !== 'unknown';
  return `${flags}: ${isWord ? `keyword ${start}` : start}, ${find?.join(' ') ?? 'unknown'}`;
}

function factsOf({ name, arity, flags, keys }: CommandInfo): unknown[] {
  return [name, arity, [...flags].sort().join(' '), ...keys];
}

function movableOf({ name, movable }: CommandInfo): unknown[] {
  return [name, movable?.countAt, movable?.words ?? []];
}

/** SORT's words are not among the server's key specifications, which call them unknown. */
const UNKNOWN_SEARCHES: Readonly<Record<string, readonly string[]>> = {
  sort: ['BY', 'GET', 'STORE'],
  sort_ro: ['BY', 'GET'],
};

function movableInRow([name, , , , , , searches]: RecordedCommand): unknown[] {
  const countAt = searches
    .map((search) => /^index (\d+), keynum/.exec(search)?.[1])
    .find((at) => at !== undefined);
  const words = searches.flatMap((search) => /^keyword (\w+)/.exec(search)?.[1] ?? []);
  const isUnknown = searches.includes('unknown, unknown');
  return [
    name,
    countAt === undefined ? undefined : Number(countAt),
    isUnknown ? UNKNOWN_SEARCHES[name] : words,
  ];
}

/** Commands that no handler of the model carries out: they count as unknown in a report. */
const NOT_MODELLED = ['function', 'migrate', 'pfdebug', 'pfselftest', 'psync', 'sync'];

/** Other commands of today's servers that neither the model nor the store carries out. */
const NEWER = ['hotkeys', 'trimslots'];

test.each(SERVERS)('$name: the model carries out all commands but a few', (version) => {
  const table = commandTable(version);
  const names = [...commandsOf(version).keys()].filter((name) => !name.includes('|'));
  const missing = [...NOT_MODELLED, ...NEWER].filter((name) => names.includes(name)).sort();
  expect(names.filter((name) => table.named(name) === undefined).sort()).toEqual(missing);
});

const CLUSTER_IN_STORE = ['countkeysinslot', 'getkeysinslot', 'info', 'keyslot', 'myid', 'slots'];

/** Commands and subcommands that the store refuses: scripts, replication, administration. */
const NOT_STORED = [
  ...[...ALL_COMMANDS.keys()].filter(
    (name) => name.startsWith('cluster|') && !CLUSTER_IN_STORE.includes(name.slice('cluster|'.length)),
  ),
  ...NEWER,
  ...['eval', 'eval_ro', 'evalsha', 'evalsha_ro', 'fcall', 'fcall_ro'],
  ...['script|debug', 'script|help', 'script|kill', 'script|load', 'script|show'],
  ...['delete', 'dump', 'help', 'kill', 'load', 'restore', 'stats'].map((name) => `function|${name}`),
  ...['dump', 'restore', 'restore-asking', 'migrate', 'sync', 'psync', 'replconf', 'replicaof', 'slaveof'],
  ...[
    'asking',
    'bgrewriteaof',
    'bgsave',
    'failover',
    'latency|help',
    'latency|histogram',
    'lolwut',
    'memory',
  ],
  ...['deluser', 'dryrun', 'genpass', 'help', 'load', 'log', 'save', 'setuser'].map((name) => `acl|${name}`),
  ...['module', 'monitor', 'pfdebug', 'pfselftest', 'readonly', 'readwrite', 'save', 'shutdown'],
  ...[
    'client|kill',
    'client|pause',
    'client|tracking',
    'client|trackinginfo',
    'client|caching',
    'client|capa',
    'client|import-source',
  ],
  ...['client|help', 'pubsub|help', 'config|help', 'command|help'],
  ...['object|help', 'slowlog|help', 'commandlog', 'xgroup|help', 'xinfo|help'],
];

test.each(SERVERS)('$name: the store carries out all commands but some', (version) => {
  const stored = storeCommands(commandsOf(version));
  const infos = [...commandsOf(version).keys()];
  // A container that is refused needs no row for each of its subcommands.
  const refused = infos.filter(
    (name) => !stored.has(name) && (!name.includes('|') || stored.has(name.split('|')[0] ?? '')),
  );
  expect(refused.sort()).toEqual(NOT_STORED.filter((name) => infos.includes(name)).sort());
});
