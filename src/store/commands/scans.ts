import { globMatcher, latin1Bytes } from '../../base/index.js';
import { parseCursor, parseScan } from '../../commands/index.js';
import { scoreText } from '../../model/index.js';
import { type CommandContext, contentOf } from '../command-context.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import type { Table } from '../store-table.js';
import { HashContent, SetContent, SortedContent } from '../values.js';

export function matcher(pattern: string, ignoresCase = false): (name: string) => boolean {
  const matches = globMatcher(latin1Bytes(pattern), ignoresCase);
  return (name) => matches(latin1Bytes(name));
}

function scanKeys(ask: CommandContext, from: number): void {
  const { data, nowMs } = ask;
  const { count, matches, type } = ask.allowed(parseScan(ask));
  const { names, cursor } = data.keys.scan(from, count);
  const kept = names.filter((name) => {
    if (!matches(latin1Bytes(name))) return false;
    const key = data.find(name, nowMs);
    return key !== undefined && (type === undefined || key.content.type === type);
  });
  ask.reply.array(2);
  ask.reply.bulk(`${cursor}`);
  ask.reply.bulks(kept);
}

/** Scans the members of a value. A compact encoding is returned at once, as a server does. */
function scanMembers<Kind extends SetContent | HashContent | SortedContent>(
  kind: abstract new (...parts: never[]) => Kind,
  tableOf: (content: Kind) => Table<unknown>,
  isTable: (content: Kind) => boolean,
  namesOf: (content: Kind) => string[],
  valueIn?: (content: Kind, name: string, shortest: boolean) => string,
) {
  return parsed(cursorAt(2), (ask, from) => {
    const content = contentOf(ask.find(1), kind);
    if (content === undefined) {
      ask.reply.array(2);
      ask.reply.bulk('0');
      ask.reply.array(0);
      return;
    }
    const { count, matches } = ask.allowed(parseScan(ask));
    const { names, cursor } = isTable(content)
      ? tableOf(content).scan(from, count)
      : { names: namesOf(content), cursor: 0 };
    const said: string[] = [];
    for (const name of names) {
      if (!matches(latin1Bytes(name))) continue;
      said.push(name);
      if (valueIn !== undefined) said.push(valueIn(content, name, ask.shortest));
    }
    ask.reply.array(2);
    ask.reply.bulk(`${cursor}`);
    ask.reply.bulks(said);
  });
}

function cursorAt(index: number): (ask: CommandContext) => number | string {
  return (ask) => parseCursor(ask, index);
}

function keys(ask: CommandContext): void {
  const { data, nowMs } = ask;
  const matches = matcher(ask.text(1));
  const names = [...data.keys.names()];
  ask.reply.bulks(names.filter((name) => matches(name) && data.find(name, nowMs) !== undefined));
}

export const SCAN_ANSWERS: StoreHandlers = {
  keys,
  scan: parsed(cursorAt(1), scanKeys),
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
