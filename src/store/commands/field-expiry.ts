import {
  type FieldForm,
  type FieldOptionsRequest,
  type Fields,
  mayExpire,
  parseFieldExpire,
  parseFields,
  parseHgetex,
  parseHsetex,
  TIME_FORMS,
  type TimeForm,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { KeyspaceEvent } from '../keyspace-events.js';
import type { StoreHandlers } from '../store-command.js';
import { HashContent } from '../values.js';
import { hashFor } from './hashes.js';

/** Replies for one field. */
const NO_FIELD = -2;
const NO_EXPIRY = -1;
const NOT_MET = 0;
const SET = 1;
const DELETED = 2;

function formOf({ store }: CommandContext): FieldForm {
  return store.version.commands.fieldForm;
}

/** Parses a request after the type of its key was checked, or before that, as the version does. */
function parsedFor<Request>(
  ask: CommandContext,
  parse: () => Request | string,
): readonly [Exclude<Request, string>, HashContent | undefined] {
  if (ask.store.version.commands.looksUpBeforeFields) {
    const hash = ask.get(1, HashContent);
    return [ask.allowed(parse()), hash];
  }
  const request = ask.allowed(parse());
  return [request, ask.get(1, HashContent)];
}

function namesOf(ask: CommandContext, { first, count }: Fields): readonly string[] {
  return ask.args.slice(first, first + count);
}

function hexpire(form: TimeForm) {
  return (ask: CommandContext): void => {
    const [request, hash] = parsedFor(ask, () => parseFieldExpire(ask, formOf(ask), form, ask.nowMs));
    const names = namesOf(ask, request);
    ask.reply.array(names.length);
    hash?.makeRoomForExpiries();
    let changes = 0;
    let deletions = 0;
    for (const name of names) {
      const result = expireField(ask, hash, name, request.when, (before) =>
        mayExpire(request.condition, before, request.when),
      );
      if (result > NOT_MET) changes++;
      if (result === DELETED) deletions++;
      ask.reply.integer(result);
    }
    if (changes > 0) changed(ask, hash!, ...eventsOfExpiry(ask, changes, deletions));
  };
}

/** Returns the events of fields that expire from now on, or that are deleted because they already have. */
function eventsOfExpiry({ limits }: CommandContext, changes: number, deletions: number): KeyspaceEvent[] {
  const isVset = limits.policy.fieldExpiry === 'vset';
  const events: KeyspaceEvent[] = deletions === 0 ? [] : [isVset ? 'hexpired' : 'hdel'];
  if (isVset ? changes > deletions : deletions === 0) events.push('hexpire');
  return events;
}

function expireField(
  { nowMs }: CommandContext,
  hash: HashContent | undefined,
  name: string,
  when: number,
  mayChange: (before: number) => boolean,
): number {
  if (hash?.fields.has(name) !== true) return NO_FIELD;
  if (!mayChange(hash.expiryOf(name))) return NOT_MET;
  if (when <= nowMs) {
    hash.delete(name);
    return DELETED;
  }
  hash.setExpiry(name, when);
  return SET;
}

/** Marks a hash as changed, of which fields may expire from now on, or no longer. */
function changed(ask: CommandContext, hash: HashContent, ...events: readonly KeyspaceEvent[]): void {
  ask.changed(1, hash, ...events);
  ask.data.fieldsChanged(ask.text(1));
}

function hpersist(ask: CommandContext): void {
  const [request, hash] = parsedFor(ask, () => parseFields(ask, formOf(ask)));
  const results = namesOf(ask, request).map((name) => persistField(hash, name));
  ask.reply.array(results.length);
  for (const result of results) ask.reply.integer(result);
  if (results.includes(SET)) changed(ask, hash!, 'hpersist');
}

function persistField(hash: HashContent | undefined, name: string): number {
  if (hash?.fields.has(name) !== true) return NO_FIELD;
  if (hash.expiryOf(name) === 0) return NO_EXPIRY;
  hash.setExpiry(name, 0);
  return SET;
}

function httl(inSeconds: boolean, isAbsolute: boolean) {
  return (ask: CommandContext): void => {
    const [request, hash] = parsedFor(ask, () => parseFields(ask, formOf(ask)));
    const { roundsFieldSecondsUp } = ask.store.version.commands;
    const names = namesOf(ask, request);
    ask.reply.array(names.length);
    for (const name of names) {
      const expiryMs = hash?.expiryOf(name) ?? 0;
      const ms = isAbsolute ? expiryMs : Math.max(0, expiryMs - Math.floor(ask.nowMs));
      if (hash?.fields.has(name) !== true) ask.reply.integer(NO_FIELD);
      else if (expiryMs === 0) ask.reply.integer(NO_EXPIRY);
      else ask.reply.integer(inSeconds ? Math.floor((ms + (roundsFieldSecondsUp ? 999 : 500)) / 1000) : ms);
    }
  };
}

function hgetdel(ask: CommandContext): void {
  const [request, hash] = parsedFor(ask, () => parseFields(ask, formOf(ask)));
  const names = namesOf(ask, request);
  ask.reply.array(names.length);
  let deleted = 0;
  for (const name of names) {
    ask.reply.bulkOrNil(hash?.fields.get(name));
    if (hash?.delete(name) === true) deleted++;
  }
  if (deleted > 0) changed(ask, hash!, 'hdel');
}

function hgetex(ask: CommandContext): void {
  const [request, hash] = parsedFor(ask, () => parseHgetex(ask, formOf(ask), ask.nowMs));
  const when = ask.allowed(request.when) as number;
  const names = namesOf(ask, request);
  ask.reply.array(names.length);
  if (request.persists || request.time !== undefined) hash?.makeRoomForExpiries();
  let changes = 0;
  for (const name of names) {
    ask.reply.bulkOrNil(hash?.fields.get(name));
    if (request.persists) {
      if (persistField(hash, name) === SET) changes++;
    } else if (request.time !== undefined && expireField(ask, hash, name, when, () => true) > NOT_MET) {
      changes++;
    }
  }
  if (changes === 0) return;
  if (request.persists) changed(ask, hash!, 'hpersist');
  else changed(ask, hash!, ...eventsOfExpiry(ask, changes, when <= ask.nowMs ? changes : 0));
}

function hsetex(ask: CommandContext): void {
  const request = ask.allowed(parseHsetex(ask, formOf(ask), ask.nowMs));
  const found = ask.get(1, HashContent);
  const isRefused = found === undefined ? request.onlyExistingKey : request.onlyNewKey;
  if (isRefused) {
    ask.reply.integer(0);
    return;
  }
  const when = ask.allowed(request.when) as number;
  if (!meetsFields(ask, found, request)) {
    ask.reply.integer(0);
    return;
  }
  const hash = hashFor(ask);
  const isGone = request.time !== undefined && when <= ask.nowMs;
  const end = request.first + request.count * 2;
  // A hash is also converted for fields that are deleted at once, where they are set before that.
  if (!isGone || hash.limits.policy.fieldExpiry === 'ebuckets') {
    hash.prepare(ask.args.slice(request.first, end), request.count);
  }
  if (request.time !== undefined) hash.makeRoomForExpiries();
  for (let index = request.first; index < end; index += 2) {
    const name = ask.text(index);
    if (isGone) {
      hash.delete(name);
      continue;
    }
    hash.set(name, ask.text(index + 1), request.keepsExpiry);
    if (request.time !== undefined) hash.setExpiry(name, when);
  }
  ask.notify('hset', 1);
  if (request.time !== undefined) {
    // A server of this kind sets expiries that are over, and then removes the fields.
    if (isGone && hash.limits.policy.fieldExpiry === 'vset') ask.notify('hexpire', 1);
    changed(ask, hash, ...eventsOfExpiry(ask, request.count, isGone ? request.count : 0));
  } else changed(ask, hash);
  ask.reply.integer(1);
}

/** Whether the conditions on the fields of HSETEX hold. */
function meetsFields(
  ask: CommandContext,
  hash: HashContent | undefined,
  { first, count, onlyNewFields, onlyExistingFields }: FieldOptionsRequest,
): boolean {
  for (let index = first; index < first + count * 2; index += 2) {
    const exists = hash?.fields.has(ask.text(index)) === true;
    if ((onlyNewFields && exists) || (onlyExistingFields && !exists)) return false;
  }
  return true;
}

export const FIELD_EXPIRY_ANSWERS: StoreHandlers = {
  hexpire: hexpire(TIME_FORMS.EX),
  hpexpire: hexpire(TIME_FORMS.PX),
  hexpireat: hexpire(TIME_FORMS.EXAT),
  hpexpireat: hexpire(TIME_FORMS.PXAT),
  httl: httl(true, false),
  hpttl: httl(false, false),
  hexpiretime: httl(true, true),
  hpexpiretime: httl(false, true),
  hpersist,
  hgetdel,
  hgetex,
  hsetex,
};
