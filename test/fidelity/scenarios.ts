/**
 * What real servers ask their allocator for while they carry out single commands, and what the model asks for.
 * traces/README.md describes the files.
 */
import { readFileSync } from 'node:fs';
import { CommandLog, CommandWriter } from '#slablab/src/commands/index.js';
import { commandTable, findServer, RedisServer } from '#slablab/src/model/index.js';
import { setSetting } from '#slablab/src/model/settings/index.js';
import { Kind, OpWriter } from '#slablab/src/stream/index.js';
import { COARSE_SIZE_CLASSES } from '../support/redis.js';

const DIRECTORY = new URL('traces/', import.meta.url);

/** A command of a scenario, with what a server was recorded to ask for; undefined where that is not recorded whole. */
export interface TracedCommand {
  readonly name: string;
  readonly words: readonly string[];
  readonly recorded: readonly string[] | undefined;
}

/** Reads the scenario and the recording of one server, whose commands are in the same order. */
export function tracedCommands(server: string, scenario: string): TracedCommand[] {
  const recorded = linesOf(`${server}/${scenario}.txt`).map(([name, text]) => ({ name, text }));
  const commands: TracedCommand[] = [];
  for (const [name, text] of linesOf(`${scenario}.txt`)) {
    for (const words of text.split(' ;; ').map(wordsOf)) {
      const isTraced = !name.startsWith('!');
      const line = isTraced ? recorded.shift() : undefined;
      if (isTraced && line?.name !== name) throw new Error(`${server}: no record of ${name}`);
      const tokens = line?.text.split(' ').filter((token) => token !== '');
      commands.push({ name, words, recorded: tokens?.includes('...') ? undefined : tokens });
    }
  }
  return commands;
}

/** Carries out the commands, and returns the model's requests during each. */
export function modelTraces(server: string, commands: readonly TracedCommand[]): string[][] {
  const version = findServer(server);
  if (version === undefined) throw new Error(`no model of ${server}`);
  const writer = new OpWriter();
  const model = new RedisServer(writer, {
    version,
    sizeClasses: COARSE_SIZE_CLASSES,
    commands: commandTable(version),
    log: new CommandLog(),
    isPipelined: false,
  });
  const live = new Map<number, number>();
  requestsIn(writer, live);
  const command = new CommandWriter();
  return commands.map(({ words }, index) => {
    const setting = words[0] === 'config' ? words.slice(2) : [];
    if (setting.length > 0) setSetting(model.settings, setting[0] ?? '', setting[1] ?? '');
    const next = command.words(...(setting.length > 0 ? ['ping'] : words));
    next.timeMs = index;
    model.execute(next);
    for (const _ of model.finish());
    model.settle();
    return requestsIn(writer, live);
  });
}

/** Sizes of regions whose number depends on the hashes of names: entries of shared buckets, and bucket arrays. */
const BY_HASH = new Set(['+16', '-16', '+24', '-24']);
/** What a server does now and then, whichever the command is: histograms of first calls, cron, buffers of replies. */
const NOW_AND_THEN = /^[+-](48|1024|2048|16384|16390|24576z?|104z)$/;
const BUCKETS = /^[+-](8|16|32|64|128|256|512)z?$/;

/** Returns the requests of only one of the two, as text, without those that vary from run to run. */
export function differences(
  command: string,
  recorded: readonly string[],
  modelled: readonly string[],
): string[] {
  const counts = new Map<string, number>();
  const isOrdered = command.startsWith('z');
  const count = (token: string, by: number) => {
    if (isVariable(token)) return;
    const known = isOrdered ? withoutLevels(token) : token;
    counts.set(known, (counts.get(known) ?? 0) + by);
  };
  for (const token of recorded) count(token, 1);
  for (const token of modelled) count(token, -1);
  return [...counts]
    .filter(([, count]) => count !== 0)
    .map(([token, count]) => `${count > 0 ? 'the server' : 'the model'} ${Math.abs(count)} x ${token}`);
}

/** A node of a sorted set has one level or more by chance, of 16 bytes each. */
function withoutLevels(token: string): string {
  const bytes = Number(token.slice(1));
  return bytes > 34 ? `${token[0]}${(bytes % 16) + 32} with levels` : token;
}

function isVariable(token: string): boolean {
  return BY_HASH.has(token) || NOW_AND_THEN.test(token) || BUCKETS.test(token);
}

function linesOf(path: string): [name: string, text: string][] {
  return readFileSync(new URL(path, DIRECTORY), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const at = line.indexOf(' |');
      return [line.slice(0, at), line.slice(at + 2).trim()];
    });
}

/** `{60}` stands for a word of so many bytes. */
function wordsOf(text: string): string[] {
  const words = text.trim().match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) =>
    word.replaceAll('"', '').replace(/\{(\d+)\}/g, (_, bytes: string) => 'x'.repeat(Number(bytes))),
  );
}

/** Returns the operations since the last call: +24, +24z for calloc, -24, ~24>40. */
function requestsIn(writer: OpWriter, live: Map<number, number>): string[] {
  const requests: string[] = [];
  for (const { length, what, handle, size } of writer.takeAll()) {
    for (let at = 0; at < length; at++) {
      const kind = what[at]! & 0xff;
      const region = handle[at]!;
      const bytes = size[at]!;
      const before = live.get(region);
      if (kind === Kind.free) {
        requests.push(`-${before}`);
        live.delete(region);
      } else if (kind === Kind.malloc || kind === Kind.calloc) {
        requests.push(`+${bytes}${kind === Kind.calloc ? 'z' : ''}`);
        live.set(region, bytes);
      } else if (kind === Kind.realloc) {
        requests.push(`~${before}>${bytes}`);
        live.set(region, bytes);
      }
    }
  }
  return requests;
}
