import { parseInteger64 } from '../../base/index.js';
import {
  type FloatText,
  floatSum,
  HASH_NOT_A_FLOAT,
  HASH_NOT_AN_INTEGER,
  parseFloatChange,
  parseIncrement,
  parseRandom,
  type RandomRequest,
  sum64,
  wrongArity,
} from '../../commands/index.js';
import { chosenNames } from '../chosen-names.js';
import type { CommandContext } from '../command-context.js';
import type { KeyspaceEvent } from '../keyspace-events.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { HashContent } from '../values.js';

export function hashFor(ask: CommandContext): HashContent {
  const hash = ask.get(1, HashContent);
  if (hash !== undefined) return hash;
  const made = new HashContent(ask.limits);
  ask.add(1, made);
  return made;
}

function hset(ask: CommandContext): void {
  const { name } = ask;
  if (ask.count % 2 === 1) ask.refuse(wrongArity(name));
  const hash = hashFor(ask);
  hash.prepare(ask.args.slice(2), (ask.count - 2) / 2);
  let created = 0;
  for (let index = 2; index < ask.count; index += 2) {
    if (hash.set(ask.text(index), ask.text(index + 1))) created++;
  }
  ask.touch(1, 'hset');
  if (name === 'hset') ask.reply.integer(created);
  else ask.reply.ok();
}

function hsetnx(ask: CommandContext): void {
  const hash = hashFor(ask);
  if (hash.fields.has(ask.text(2))) {
    ask.reply.integer(0);
    return;
  }
  setOne(ask, hash, ask.text(3), 'hset');
  ask.reply.integer(1);
}

/** Sets the field that argument 2 names, which keeps its expiry. */
function setOne(ask: CommandContext, hash: HashContent, value: string, event: KeyspaceEvent): void {
  hash.prepare([ask.text(2), value], 1);
  hash.set(ask.text(2), value, true);
  ask.touch(1, event);
}

function hincrby(ask: CommandContext, by: bigint): void {
  const hash = hashFor(ask);
  const old = parseInteger64(hash.fields.get(ask.text(2)) ?? '0');
  const sum = ask.allowed(old === undefined ? HASH_NOT_AN_INTEGER : sum64(old, by));
  setOne(ask, hash, `${sum}`, 'hincrby');
  ask.reply.integer(sum);
}

function hincrbyfloat(ask: CommandContext, by: FloatText): void {
  const hash = hashFor(ask);
  const before = hash.fields.get(ask.text(2)) ?? '0';
  const { text } = ask.allowed(floatSum(before, by.text, HASH_NOT_A_FLOAT));
  setOne(ask, hash, text, 'hincrbyfloat');
  ask.reply.bulk(text);
}

function hdel(ask: CommandContext): void {
  const hash = ask.get(1, HashContent);
  let deleted = 0;
  for (let index = 2; index < ask.count; index++) if (hash?.delete(ask.text(index)) === true) deleted++;
  if (hash !== undefined && deleted > 0) ask.changed(1, hash, 'hdel');
  ask.reply.integer(deleted);
}

function hget(ask: CommandContext): void {
  ask.reply.bulkOrNil(ask.get(1, HashContent)?.fields.get(ask.text(2)));
}

function hmget(ask: CommandContext): void {
  const hash = ask.get(1, HashContent);
  ask.reply.array(ask.count - 2);
  for (let index = 2; index < ask.count; index++) ask.reply.bulkOrNil(hash?.fields.get(ask.text(index)));
}

function hgetall(ask: CommandContext): void {
  const hash = ask.get(1, HashContent);
  ask.reply.map(hash?.size ?? 0);
  for (const [field, value] of hash?.fields.entries() ?? []) {
    ask.reply.bulk(field);
    ask.reply.bulk(value);
  }
}

function hkeys(ask: CommandContext): void {
  ask.reply.bulks([...(ask.get(1, HashContent)?.fields.names() ?? [])]);
}

function hvals(ask: CommandContext): void {
  ask.reply.bulks([...(ask.get(1, HashContent)?.fields.values() ?? [])]);
}

function hlen(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, HashContent)?.size ?? 0);
}

function hstrlen(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, HashContent)?.fields.get(ask.text(2))?.length ?? 0);
}

function hexists(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, HashContent)?.fields.has(ask.text(2)) === true ? 1 : 0);
}

function hrandfield(ask: CommandContext, { count, withValues }: RandomRequest): void {
  const hash = ask.get(1, HashContent);
  if (count === undefined) {
    ask.reply.bulkOrNil(hash?.fields.random(ask.random));
    return;
  }
  if (hash === undefined) {
    ask.reply.array(0);
    return;
  }
  const names = randomNames(ask, hash, count);
  const isNested = ask.reply.protocol === 3 && withValues;
  ask.reply.array(withValues && !isNested ? names.length * 2 : names.length);
  for (const name of names) {
    if (isNested) ask.reply.array(2);
    ask.reply.bulk(name);
    if (withValues) ask.reply.bulk(hash.fields.get(name)!);
  }
}

function randomNames({ random }: CommandContext, { fields }: HashContent, count: number): string[] {
  if (count < 0) return Array.from({ length: -count }, () => fields.random(random));
  return count >= fields.size ? [...fields.names()] : chosenNames(fields, count, random);
}

export const HASH_ANSWERS: StoreHandlers = {
  hset,
  hmset: hset,
  hsetnx,
  hincrby: parsed(parseIncrement, hincrby),
  hincrbyfloat: parsed(parseFloatChange, hincrbyfloat),
  hdel,
  hget,
  hmget,
  hgetall,
  hkeys,
  hvals,
  hlen,
  hstrlen,
  hexists,
  hrandfield: parsed((ask) => parseRandom(ask, 'WITHVALUES'), hrandfield),
};
