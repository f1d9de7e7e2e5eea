import { latin1Bytes, parseInteger64, xxh3 } from '../../base/index.js';
import {
  bytesIn,
  conditionOfDelex,
  DELIFEQ_CONDITION,
  DIGEST_DIGITS,
  floatSum,
  type IndexRange,
  isReversed,
  type MsetexRequest,
  NOT_A_STRING,
  NOT_AN_INTEGER,
  PSETEX_REQUEST,
  parseDecrement,
  parseDelex,
  parseGetex,
  parseIncrement,
  parseIndexRange,
  parseMsetex,
  parsePositiveTime,
  parseSet,
  parseSetrange,
  SETEX_REQUEST,
  type SetRequest,
  sum64,
  TOO_LONG,
  type ValueCondition,
  WRONG_DIGEST,
  wrongArity,
} from '../../commands/index.js';
import { type CommandContext, contentOf } from '../command-context.js';
import type { Key } from '../data.js';
import type { KeyspaceEvent } from '../keyspace-events.js';
import { notSupported } from '../reply-error.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';

/** Carries out SET, SETEX and PSETEX; word `valueIndex` is the value. */
function setTo(valueIndex: number): (ask: CommandContext, request: SetRequest) => void {
  return (ask, request) => {
    const { reply, data } = ask;
    const { onlyNew, onlyExisting, keepsExpiry } = request;
    const expiryMs = expiryOf(ask, request);
    const before = ask.find(1);
    const get = request.get > 0;
    const old = get ? contentOf(before, StringContent) : undefined;
    if (get) ask.noteRead(1, before);
    if ((onlyNew && before !== undefined) || (onlyExisting && before === undefined)) {
      if (get) reply.bulkOrNil(old?.text);
      else reply.nil();
      return;
    }
    if (request.condition !== undefined && !isConditionMet(ask, before, request.condition)) {
      if (get) reply.bulkOrNil(old?.text);
      else reply.nil();
      return;
    }
    const kept = keepsExpiry ? (before?.expiryMs ?? 0) : 0;
    data.put(ask.text(1), StringContent.of(ask.text(valueIndex)), expiryMs ?? kept);
    ask.touch(1, ...eventsOfSet(expiryMs));
    if (get) reply.bulkOrNil(old?.text);
    else reply.ok();
  };
}

function eventsOfSet(expiryMs: number | undefined): readonly KeyspaceEvent[] {
  return expiryMs === undefined ? ['set'] : ['set', 'expire'];
}

/** Whether a key, undefined if it is missing, meets a condition on its value. */
function isConditionMet(ask: CommandContext, key: Key | undefined, condition: ValueCondition): boolean {
  const value = contentOf(key, StringContent);
  return value === undefined ? !condition.isEqual : meets(ask, value, condition);
}

function meets(ask: CommandContext, { text }: StringContent, condition: ValueCondition): boolean {
  const wanted = ask.text(condition.index);
  if (condition.isDigest && wanted.length !== DIGEST_DIGITS) ask.refuse(WRONG_DIGEST);
  const found = condition.isDigest ? xxh3(latin1Bytes(text)) : text;
  const isEqual = condition.isDigest ? found === wanted.toLowerCase() : found === wanted;
  return isEqual === condition.isEqual;
}

function msetex(ask: CommandContext, request: MsetexRequest): void {
  const { keys, onlyNew, onlyExisting, keepsExpiry } = request;
  const expiryMs = expiryOf(ask, request);
  const places = Array.from({ length: keys }, (_, at) => 2 + 2 * at);
  const isUnmet = (at: number) => (onlyNew || onlyExisting) && (ask.find(at) === undefined) === onlyExisting;
  if (places.some(isUnmet)) {
    ask.reply.integer(0);
    return;
  }
  for (const at of places) {
    const kept = keepsExpiry ? (ask.find(at)?.expiryMs ?? 0) : 0;
    ask.data.put(ask.text(at), StringContent.of(ask.text(at + 1)), expiryMs ?? kept);
    ask.touch(at, ...eventsOfSet(expiryMs));
  }
  ask.reply.integer(1);
}

function deleteIf(ask: CommandContext, value: StringContent | undefined, condition: ValueCondition): void {
  const isDeleted = value !== undefined && meets(ask, value, condition) && ask.remove(1);
  ask.reply.integer(isDeleted ? 1 : 0);
}

function delex(ask: CommandContext, { isConditional }: { readonly isConditional: boolean }): void {
  const key = ask.find(1);
  if (isConditional) ask.noteRead(1, key);
  if (key === undefined || !isConditional) {
    ask.reply.integer(ask.remove(1) ? 1 : 0);
    return;
  }
  if (!(key.content instanceof StringContent)) ask.refuse(NOT_A_STRING);
  deleteIf(ask, key.content, ask.allowed(conditionOfDelex(ask)));
}

function digest(ask: CommandContext): void {
  const text = ask.get(1, StringContent)?.text;
  ask.reply.bulkOrNil(text === undefined ? undefined : xxh3(latin1Bytes(text)));
}

/** Returns when the key will expire; undefined if the request has no time. */
function expiryOf(ask: CommandContext, { time, expiryIndex }: SetRequest): number | undefined {
  if (time === undefined) return undefined;
  const milliseconds = ask.allowed(parsePositiveTime(ask, expiryIndex, time, ask.nowMs));
  return time.isAbsolute ? milliseconds : Math.floor(ask.nowMs) + milliseconds;
}

function setnx(ask: CommandContext): void {
  if (ask.find(1) !== undefined) {
    ask.reply.integer(0);
    return;
  }
  ask.put(1, StringContent.of(ask.text(2)), 'set');
  ask.reply.integer(1);
}

function get(ask: CommandContext): void {
  ask.reply.bulkOrNil(ask.get(1, StringContent)?.text);
}

function getset(ask: CommandContext): void {
  const old = ask.get(1, StringContent);
  ask.put(1, StringContent.of(ask.text(2)), 'set');
  ask.reply.bulkOrNil(old?.text);
}

function getdel(ask: CommandContext): void {
  const old = ask.get(1, StringContent);
  if (old !== undefined) ask.remove(1);
  ask.reply.bulkOrNil(old?.text);
}

function getex(ask: CommandContext, request: SetRequest): void {
  const key = ask.find(1);
  const old = contentOf(key, StringContent);
  if (key === undefined || old === undefined) {
    ask.reply.nil();
    return;
  }
  const expiryMs = expiryOf(ask, request);
  if (expiryMs !== undefined && expiryMs <= ask.nowMs) ask.removeExpired(1);
  else if (expiryMs !== undefined || (request.persists && key.expiryMs !== 0)) {
    ask.data.setExpiry(ask.text(1), key, expiryMs ?? 0);
    ask.touch(1, expiryMs === undefined ? 'persist' : 'expire');
  }
  ask.reply.bulk(old.text);
}

function mget(ask: CommandContext): void {
  ask.reply.array(ask.count - 1);
  for (let index = 1; index < ask.count; index++) {
    const content = ask.find(index)?.content;
    ask.reply.bulkOrNil(content instanceof StringContent ? content.text : undefined);
  }
}

function mset(ask: CommandContext): void {
  requirePairs(ask);
  setAll(ask);
  ask.reply.ok();
}

function msetnx(ask: CommandContext): void {
  requirePairs(ask);
  for (let index = 1; index < ask.count; index += 2) {
    if (ask.find(index) === undefined) continue;
    ask.reply.integer(0);
    return;
  }
  setAll(ask);
  ask.reply.integer(1);
}

function requirePairs(ask: CommandContext): void {
  if (ask.count % 2 === 0) ask.refuse(wrongArity(ask.name));
}

function setAll(ask: CommandContext): void {
  for (let index = 1; index < ask.count; index += 2)
    ask.put(index, StringContent.of(ask.text(index + 1)), 'set');
}

function strlen(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, StringContent)?.text.length ?? 0);
}

function getrange(ask: CommandContext, range: IndexRange): void {
  const text = ask.get(1, StringContent)?.text ?? '';
  const { first, count } = bytesIn(range, text.length);
  ask.reply.bulk(isReversed(range) ? '' : text.slice(first, first + count));
}

function append(ask: CommandContext): void {
  const value = ask.get(1, StringContent);
  const more = ask.text(2);
  if (value === undefined) {
    ask.put(1, StringContent.of(more), 'append');
    ask.reply.integer(more.length);
    return;
  }
  requireRoom(ask, value.text.length + more.length);
  requireKeepable(value.text.length + more.length);
  rewrite(ask, value, value.text + more, 'append');
  ask.reply.integer(value.text.length);
}

function setrange(ask: CommandContext, offset: number): void {
  const written = ask.text(3);
  const value = ask.get(1, StringContent);
  const text = value?.text ?? '';
  if (written === '') {
    ask.reply.integer(text.length);
    return;
  }
  requireRoom(ask, offset + written.length);
  requireKeepable(offset + written.length);
  const after = text.slice(0, offset).padEnd(offset, '\0') + written + text.slice(offset + written.length);
  rewrite(ask, value, after, 'setrange');
  ask.reply.integer(after.length);
}

/** The longest string that the store can keep. */
const MAX_KEPT_BYTES = 500_000_000;

/** Refuses a string that a server could keep, and the store cannot. */
export function requireKeepable(length: number): void {
  if (length > MAX_KEPT_BYTES)
    throw notSupported(`a string of ${length} bytes, which is over ${MAX_KEPT_BYTES}`);
}

function requireRoom(ask: CommandContext, length: number): void {
  if (length > ask.limits.settings.protoMaxBulkLen) {
    ask.refuse(TOO_LONG);
  }
}

/** Changes a text in place, or makes one; its encoding becomes raw. With `isTouch`, an equal text counts as changed. */
export function rewrite(
  ask: CommandContext,
  value: StringContent | undefined,
  text: string,
  event: KeyspaceEvent,
  isTouch = true,
): void {
  if (value === undefined) {
    ask.put(1, new StringContent(text, 'raw'), event);
    return;
  }
  const isChanged = isTouch || text !== value.text;
  value.text = text;
  value.encoding = 'raw';
  value.hyperLogLog = undefined;
  if (isChanged) ask.touch(1, event);
}

function changeBy(ask: CommandContext, change: bigint): void {
  const value = ask.get(1, StringContent);
  const before = ask.allowed(value === undefined ? 0n : (parseInteger64(value.text) ?? NOT_AN_INTEGER));
  const after = ask.allowed(sum64(before, change));
  ask.add(1, new StringContent(`${after}`, 'int'));
  ask.touch(1, 'incrby');
  ask.reply.integer(after);
}

function incrbyfloat(ask: CommandContext): void {
  const before = ask.get(1, StringContent)?.text ?? '0';
  const { text } = ask.allowed(floatSum(before, ask.text(2)));
  ask.add(1, StringContent.ofText(text));
  ask.touch(1, 'incrbyfloat');
  ask.reply.bulk(text);
}

const setLater = setTo(3);

export const STRING_ANSWERS: StoreHandlers = {
  set: parsed((ask) => parseSet(ask, ask.store.version.commands.valueConditions), setTo(2)),
  setnx,
  setex: (ask) => setLater(ask, SETEX_REQUEST),
  psetex: (ask) => setLater(ask, PSETEX_REQUEST),
  get,
  getset,
  getdel,
  getex: parsed(parseGetex, getex),
  mget,
  mset,
  msetnx,
  msetex: parsed((ask) => parseMsetex(ask, ask.store.version.commands.msetex), msetex),
  delex: parsed(parseDelex, delex),
  delifeq: (ask) => deleteIf(ask, ask.get(1, StringContent), DELIFEQ_CONDITION),
  digest,
  strlen,
  getrange: parsed(parseIndexRange, getrange),
  substr: parsed(parseIndexRange, getrange),
  append,
  setrange: parsed(parseSetrange, setrange),
  incr: (ask) => changeBy(ask, 1n),
  decr: (ask) => changeBy(ask, -1n),
  incrby: parsed(parseIncrement, changeBy),
  decrby: parsed(parseDecrement, changeBy),
  incrbyfloat,
};
