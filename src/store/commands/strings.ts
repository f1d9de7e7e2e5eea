import { decimalSum, isLongDouble, parseInteger64 } from '../../base/index.js';
import { NOT_A_FLOAT, NOT_AN_INTEGER } from '../../commands/index.js';
import { type CommandContext, contentOf } from '../command-context.js';
import type { StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';
import { afterGet, expiryOf, parseSetOptions, type SetOptions } from './set-request.js';

const INT64 = 64;

function set(ask: CommandContext): void {
  setGeneric(ask, 2, parseSetOptions(ask, 3));
}

function setWithExpiry(unit: 'EX' | 'PX') {
  return (ask: CommandContext): void => setGeneric(ask, 3, { expiryUnit: unit, expiryIndex: 2 });
}

function setGeneric(ask: CommandContext, valueIndex: number, options: SetOptions): void {
  const { reply, data } = ask;
  const expiryMs = expiryOf(ask, options);
  const before = ask.find(1);
  const old = options.get === true ? contentOf(before, StringContent) : undefined;
  if ((options.nx === true && before !== undefined) || (options.xx === true && before === undefined)) {
    if (options.get === true) reply.bulkOrNil(old?.text);
    else reply.nil();
    return;
  }
  const kept = options.keepsExpiry === true ? (before?.expiryMs ?? 0) : 0;
  data.put(ask.text(1), StringContent.of(ask.text(valueIndex)), expiryMs ?? kept);
  ask.touch(1);
  if (options.get === true) reply.bulkOrNil(old?.text);
  else reply.ok();
}

function setnx(ask: CommandContext): void {
  if (ask.find(1) !== undefined) {
    ask.reply.integer(0);
    return;
  }
  ask.put(1, StringContent.of(ask.text(2)));
  ask.reply.integer(1);
}

function get(ask: CommandContext): void {
  ask.reply.bulkOrNil(ask.get(1, StringContent)?.text);
}

function getset(ask: CommandContext): void {
  const old = ask.get(1, StringContent);
  ask.put(1, StringContent.of(ask.text(2)));
  ask.reply.bulkOrNil(old?.text);
}

function getdel(ask: CommandContext): void {
  const old = ask.get(1, StringContent);
  if (old !== undefined) ask.remove(1);
  ask.reply.bulkOrNil(old?.text);
}

function getex(ask: CommandContext): void {
  const options = parseSetOptions(ask, 2);
  const key = ask.find(1);
  const old = contentOf(key, StringContent);
  if (key === undefined || old === undefined) {
    ask.reply.nil();
    return;
  }
  afterGet(ask, key, options);
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
  if (ask.count % 2 === 0) ask.refuse(`ERR wrong number of arguments for '${ask.spec.name}' command`);
}

function setAll(ask: CommandContext): void {
  for (let index = 1; index < ask.count; index += 2) ask.put(index, StringContent.of(ask.text(index + 1)));
}

function strlen(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, StringContent)?.text.length ?? 0);
}

function getrange(ask: CommandContext): void {
  let from = ask.integer(2);
  let to = ask.integer(3);
  const text = ask.get(1, StringContent)?.text ?? '';
  const { length } = text;
  if (from < 0 && to < 0 && from > to) {
    ask.reply.bulk('');
    return;
  }
  from = Math.max(0, from < 0 ? length + from : from);
  to = Math.min(length - 1, Math.max(0, to < 0 ? length + to : to));
  ask.reply.bulk(from > to ? '' : text.slice(from, to + 1));
}

function append(ask: CommandContext): void {
  const value = ask.get(1, StringContent);
  const more = ask.text(2);
  if (value === undefined) {
    ask.put(1, StringContent.of(more));
    ask.reply.integer(more.length);
    return;
  }
  requireRoom(ask, value.text.length + more.length);
  rewrite(ask, value, value.text + more);
  ask.reply.integer(value.text.length);
}

function setrange(ask: CommandContext): void {
  const offset = ask.integer(2);
  if (offset < 0) ask.refuse('ERR offset is out of range');
  const written = ask.text(3);
  const value = ask.get(1, StringContent);
  const text = value?.text ?? '';
  if (written === '') {
    ask.reply.integer(text.length);
    return;
  }
  requireRoom(ask, offset + written.length);
  const after = text.slice(0, offset).padEnd(offset, '\0') + written + text.slice(offset + written.length);
  rewrite(ask, value, after);
  ask.reply.integer(after.length);
}

function requireRoom(ask: CommandContext, length: number): void {
  if (length > ask.limits.settings.protoMaxBulkLen) {
    ask.refuse('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
  }
}

/** Changes a text in place, or makes one: it can be written to from then on. `isTouch`: even if it stays the same. */
export function rewrite(
  ask: CommandContext,
  value: StringContent | undefined,
  text: string,
  isTouch = true,
): void {
  if (value === undefined) {
    ask.put(1, new StringContent(text, 'raw'));
    return;
  }
  const isChanged = isTouch || text !== value.text;
  value.text = text;
  value.encoding = 'raw';
  value.hyperLogLog = undefined;
  if (isChanged) ask.touch(1);
}

function changeBy(ask: CommandContext, change: bigint): void {
  const value = ask.get(1, StringContent);
  const before = value === undefined ? 0n : parseInteger64(value.text);
  if (before === undefined) ask.refuse(NOT_AN_INTEGER);
  const after = (before as bigint) + change;
  if (BigInt.asIntN(INT64, after) !== after) ask.refuse('ERR increment or decrement would overflow');
  ask.add(1, new StringContent(`${after}`, 'int'));
  ask.touch(1);
  ask.reply.integer(after);
}

function decrby(ask: CommandContext): void {
  const change = ask.int64(2);
  if (change === -(1n << 63n)) ask.refuse('ERR decrement would overflow');
  changeBy(ask, -change);
}

function incrbyfloat(ask: CommandContext): void {
  const value = ask.get(1, StringContent);
  const before = value?.text ?? '0';
  const change = ask.text(2);
  if (!isLongDouble(before) || !isLongDouble(change)) ask.refuse(NOT_A_FLOAT);
  const sum = decimalSum(before, change);
  if (sum === undefined) ask.refuse('ERR increment would produce NaN or Infinity');
  ask.add(1, StringContent.ofText(sum as string));
  ask.touch(1);
  ask.reply.bulk(sum as string);
}

export const STRING_ANSWERS: StoreHandlers = {
  set,
  setnx,
  setex: setWithExpiry('EX'),
  psetex: setWithExpiry('PX'),
  get,
  getset,
  getdel,
  getex,
  mget,
  mset,
  msetnx,
  strlen,
  getrange,
  substr: getrange,
  append,
  setrange,
  incr: (ask) => changeBy(ask, 1n),
  decr: (ask) => changeBy(ask, -1n),
  incrby: (ask) => changeBy(ask, ask.int64(2)),
  decrby,
  incrbyfloat,
};
