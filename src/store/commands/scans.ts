import { globMatcher, latin1Bytes } from '../../base/index.js';
import { parseCursor, parseScan, type ScanRequest } from '../../commands/index.js';
import { clusterCursorText, parseClusterScan, SLOTS, scoreText } from '../../model/index.js';
import { type CommandContext, contentOf } from '../command-context.js';
import { slotOf } from '../slots.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import type { Table } from '../store-table.js';
import { HashContent, SetContent, SortedContent } from '../values.js';

export function matcher(pattern: string, ignoresCase = false): (name: string) => boolean {
  const matches = globMatcher(latin1Bytes(pattern), ignoresCase);
  return (name) => matches(latin1Bytes(name));
}

function scanKeys(ask: CommandContext, from: number): void {
  const request = ask.allowed(parseScan(ask, ask.store.version.commands.scan));
  const { names, cursor } = ask.data.keys.scan(from, request.count);
  replyKeys(ask, request, `${cursor}`, names);
}

function replyKeys(
  { data, nowMs, reply }: CommandContext,
  { matches, type }: ScanRequest,
  cursor: string,
  names: readonly string[],
): void {
  const kept = names.filter((name) => {
    if (!matches(latin1Bytes(name))) return false;
    const key = data.find(name, nowMs);
    return key !== undefined && (type === undefined || key.content.type === type);
  });
  reply.array(2);
  reply.bulk(cursor);
  reply.bulks(kept);
}

/** Scans whole slots until there are enough names. The cursor is the next slot that has any. */
const clusterScan = parsed(
  (ask: CommandContext) => parseClusterScan(ask, ask.store.version.commands.scan, ask.store.isCluster),
  (ask, plan) => {
    if ('cursorText' in plan) {
      ask.reply.array(2);
      ask.reply.bulk(plan.cursorText);
      ask.reply.array(0);
      return;
    }
    const { request, slots, cursor } = plan;
    const first = Math.max(slots.first, cursor % SLOTS);
    const found = [...ask.data.keys.names()]
      .map((name) => ({ name, slot: slotOf(name) }))
      .filter(({ slot }) => slot >= first && slot <= slots.last)
      .sort((left, right) => left.slot - right.slot);
    const end = found.findIndex(({ slot }, at) => at >= request.count && slot !== found[at - 1]!.slot);
    const names = found.slice(0, end < 0 ? found.length : end).map(({ name }) => name);
    replyKeys(ask, request, clusterCursorText(found[end]?.slot ?? 0), names);
  },
);

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
    const { count, matches, namesOnly } = ask.allowed(parseScan(ask, ask.store.version.commands.scan));
    const { names, cursor } = isTable(content)
      ? tableOf(content).scan(from, count)
      : { names: namesOf(content), cursor: 0 };
    const said: string[] = [];
    for (const name of names) {
      if (!matches(latin1Bytes(name))) continue;
      said.push(name);
      if (valueIn !== undefined && !namesOnly) said.push(valueIn(content, name, ask.shortest));
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
  clusterscan: clusterScan,
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
