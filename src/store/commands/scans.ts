import { globMatcher, latin1Bytes } from '../../base/index.js';
import { scoreText } from '../../model/index.js';
import { type CommandContext, contentOf } from '../command-context.js';
import { syntaxError } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import type { Table } from '../store-table.js';
import { HashContent, SetContent, SortedContent } from '../values.js';

interface ScanOptions {
  readonly count: number;
  readonly matches: (name: string) => boolean;
  readonly type: string | undefined;
}

export function matcher(pattern: string, ignoresCase = false): (name: string) => boolean {
  const matches = globMatcher(latin1Bytes(pattern), ignoresCase);
  return (name) => matches(latin1Bytes(name));
}

/** Unsigned, of 64 bits. */
function cursorAt(ask: CommandContext, index: number): number {
  const text = ask.text(index);
  if (!/^\s*[+-]?\d+$/.test(text) || text.startsWith(' ') || BigInt(text) >= 1n << 64n) {
    ask.refuse('ERR invalid cursor');
  }
  return Number(BigInt.asUintN(64, BigInt(text)));
}

function scanOptions(ask: CommandContext, first: number, mayType: boolean): ScanOptions {
  let count = 10;
  let matches: ScanOptions['matches'] = () => true;
  let type: string | undefined;
  for (let index = first; index < ask.count; index += 2) {
    const hasValue = ask.has(index + 1);
    if (hasValue && ask.is(index, 'COUNT')) {
      count = ask.integer(index + 1);
      if (count < 1) throw syntaxError();
    } else if (hasValue && ask.is(index, 'MATCH')) matches = matcher(ask.text(index + 1));
    else if (hasValue && mayType && ask.is(index, 'TYPE')) type = ask.text(index + 1).toLowerCase();
    else throw syntaxError();
  }
  return { count, matches, type };
}

function scanKeys(ask: CommandContext): void {
  const { data, nowMs } = ask;
  const from = cursorAt(ask, 1);
  const { count, matches, type } = scanOptions(ask, 2, true);
  const { names, cursor } = data.keys.scan(from, count);
  const kept = names.filter((name) => {
    if (!matches(name)) return false;
    const key = data.find(name, nowMs);
    return key !== undefined && (type === undefined || key.content.type === type);
  });
  ask.reply.array(2);
  ask.reply.bulk(`${cursor}`);
  ask.reply.bulks(kept);
}

/** What is small is told at once, as a server does with what is no hash table. */
function scanMembers<Kind extends SetContent | HashContent | SortedContent>(
  kind: abstract new (...parts: never[]) => Kind,
  tableOf: (content: Kind) => Table<unknown>,
  isTable: (content: Kind) => boolean,
  namesOf: (content: Kind) => string[],
  valueIn?: (content: Kind, name: string, shortest: boolean) => string,
) {
  return (ask: CommandContext): void => {
    const from = cursorAt(ask, 2);
    const content = contentOf(ask.find(1), kind);
    if (content === undefined) {
      ask.reply.array(2);
      ask.reply.bulk('0');
      ask.reply.array(0);
      return;
    }
    const { count, matches } = scanOptions(ask, 3, false);
    const { names, cursor } = isTable(content)
      ? tableOf(content).scan(from, count)
      : { names: namesOf(content), cursor: 0 };
    const said: string[] = [];
    for (const name of names) {
      if (!matches(name)) continue;
      said.push(name);
      if (valueIn !== undefined) said.push(valueIn(content, name, ask.shortest));
    }
    ask.reply.array(2);
    ask.reply.bulk(`${cursor}`);
    ask.reply.bulks(said);
  };
}

function keys(ask: CommandContext): void {
  const { data, nowMs } = ask;
  const matches = matcher(ask.text(1));
  const names = [...data.keys.names()];
  ask.reply.bulks(names.filter((name) => matches(name) && data.find(name, nowMs) !== undefined));
}

export const SCAN_ANSWERS: StoreHandlers = {
  keys,
  scan: scanKeys,
  sscan: scanMembers(
    SetContent,
    ({ members }) => members,
    ({ encoding }) => encoding === 'hashtable',
    (set) => set.all(),
  ),
  hscan: scanMembers(
    HashContent,
    ({ fields }) => fields,
    ({ encoding }) => encoding === 'hashtable',
    ({ fields }) => [...fields.names()],
    ({ fields }, name) => fields.get(name)!,
  ),
  zscan: scanMembers(
    SortedContent,
    ({ scores }) => scores,
    ({ encoding }) => encoding === 'skiplist',
    ({ order }) => [...order].map(({ name }) => name),
    ({ scores }, name, shortest) => scoreText(scores.get(name)!, shortest),
  ),
};
