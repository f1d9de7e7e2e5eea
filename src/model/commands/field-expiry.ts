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
import { StructKind } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { FieldResult, HashValue, type LookupKey } from '../values/index.js';
import { addModel, modelAt, needleAt, pointAt } from './container-call.js';
import { orReplyError } from './parsed.js';
import { freeTemporary, newTemporaryInteger, newTemporaryString } from './string-objects.js';

/** A request whose key is a hash, or does not exist. */
interface Found<Request> {
  readonly request: Exclude<Request, string>;
  readonly row: number;
  readonly hash: HashValue | undefined;
}

function formOf({ version }: Call): FieldForm {
  return version.commands.fieldForm;
}

/** Returns the request and the hash that it names, or replies with the error that the version finds first. */
function found<Request>(
  call: Call,
  lookup: () => number,
  parse: () => Request | string,
): Found<Request> | undefined {
  const { looksUpBeforeFields } = call.version.commands;
  let row = looksUpBeforeFields ? lookup() : 0;
  let hash = row === 0 ? undefined : modelAt(call, row, HashValue);
  if (row !== 0 && hash === undefined) return undefined;
  const request = orReplyError(call, parse());
  if (request === undefined) return undefined;
  if (!looksUpBeforeFields) {
    row = lookup();
    hash = row === 0 ? undefined : modelAt(call, row, HashValue);
    if (row !== 0 && hash === undefined) return undefined;
  }
  return { request, row, hash };
}

function foundToWrite<Request>(call: Call, parse: () => Request | string): Found<Request> | undefined {
  return found(call, () => call.lookupWrite(1), parse);
}

/** Calls `use` with the place of each field. */
function eachField({ first, count }: Fields, use: (index: number) => void): void {
  for (let index = first; index < first + count; index++) use(index);
}

/** Deletes a hash without fields. It is taken out of those with fields that expire, if it `had` some. */
export function deleteIfEmpty(call: Call, row: number, hash: HashValue, had: boolean): boolean {
  if (hash.size > 0) return false;
  if (had) call.db.timedHashes.fieldsChanged(row, true);
  call.deleteKey(row);
  return true;
}

/** hexpireGenericCommand */
function hexpire(form: TimeForm) {
  return (call: Call): void => {
    if (hasEbuckets(call)) {
      hexpireInEbuckets(call, form);
      return;
    }
    const asked = foundToWrite(call, () =>
      parseFieldExpire(call, formOf(call), form, call.epochMs(call.nowMs)),
    );
    if (asked === undefined) return;
    const { request, row, hash } = asked;
    const had = hash?.hasExpiries === true;
    const deleted: number[] = [];
    let array = 0;
    let updated = 0;
    call.reply.array(request.count);
    eachField(request, (index) => {
      const result =
        hash?.setExpiry(needleAt(call, index), request.when, (before) =>
          mayExpire(request.condition, before, request.when),
        ) ?? FieldResult.noField;
      if (result === FieldResult.set) updated++;
      if (result === FieldResult.deleted) {
        if (array === 0) array = newArray(call, request.count + HDEL_WORDS + 1);
        deleted.push(index);
      }
      call.reply.integer(result);
    });
    if (hash === undefined || deleted.length + updated === 0) return;
    call.db.timedHashes.fieldsChanged(row, had);
    if (array !== 0) call.args.replace(array, [1, ...deleted], []);
    else rewriteTime(call, form, request.when, 2);
    call.dirty += deleted.length + updated;
    deleteIfEmpty(call, row, hash, false);
  };
}

/** HDEL and the key, in front of fields. */
const HDEL_WORDS = 2;

function newArray({ heap, version }: Call, words: number): number {
  return heap.malloc(words * version.sizes.pointer, StructKind.argumentArray);
}

/** Propagates a time as milliseconds since 1970, unless the request has it so. */
function rewriteTime(call: Call, { inSeconds, isAbsolute }: TimeForm, when: number, index: number): void {
  if (!inSeconds && isAbsolute) return;
  call.args.rewriteOne(0);
  call.args.rewriteOne(index, newTemporaryInteger(call, when));
}

function hasEbuckets({ version }: Call): boolean {
  return version.containers.fieldExpiry === 'ebuckets';
}

/** hexpireGenericCommand, where each field that is deleted is propagated by itself. */
function hexpireInEbuckets(call: Call, form: TimeForm): void {
  const asked = foundToWrite(call, () =>
    parseFieldExpire(call, formOf(call), form, call.epochMs(call.nowMs)),
  );
  if (asked === undefined) return;
  const { request, row, hash } = asked;
  const setting = new FieldSetting(call, row, hash, request.when);
  const notSet: number[] = [];
  const rewritesAtOnce = formOf(call) === 'fixed places';
  let list = 0;
  call.reply.array(request.count);
  eachField(request, (index) => {
    const result = setting.set(index, (before) => mayExpire(request.condition, before, request.when));
    call.reply.integer(result);
    if (hash === undefined || result === FieldResult.set) return;
    notSet.push(index);
    if (rewritesAtOnce) call.args.rewriteOne(index);
    else if (list === 0) list = call.heap.malloc(request.count * INDEX_BYTES, StructKind.temporary);
  });
  const { updated } = setting;
  if (hash !== undefined) setting.end();
  if (updated > 0) {
    if (rewritesAtOnce && notSet.length > 0) call.args.rewriteOne(request.first - 1);
    rewriteTime(call, form, request.when, 2);
    if (!rewritesAtOnce) for (const index of notSet) call.args.rewriteOne(index);
    if (!rewritesAtOnce && notSet.length > 0) call.args.rewriteOne(request.first - 1);
  }
  if (list !== 0) call.heap.free(list);
}

/** The place of an argument in a list of those that are left out. */
const INDEX_BYTES = 4;

/** Sets the expiries of fields in one command, where ebuckets order them (HashTypeSetEx). */
class FieldSetting {
  updated = 0;
  deleted = 0;
  readonly #call: Call;
  readonly #row: number;
  readonly #hash: HashValue | undefined;
  readonly #when: number;
  /** The first time among those that fields had or got. */
  #firstMs = Infinity;

  constructor(call: Call, row: number, hash: HashValue | undefined, when: number) {
    this.#call = call;
    this.#row = row;
    this.#hash = hash;
    this.#when = when;
    hash?.makeTimed();
  }

  set(index: number, mayChange: (before: number) => boolean): FieldResult {
    const needle = needleAt(this.#call, index);
    const result = this.#hash?.setExpiry(needle, this.#when, (before) => {
      const isAllowed = mayChange(before);
      if (isAllowed && before !== 0) this.#firstMs = Math.min(this.#firstMs, before);
      return isAllowed;
    });
    if (result === FieldResult.set) {
      this.updated++;
      this.#firstMs = Math.min(this.#firstMs, this.#when);
    } else if (result === FieldResult.deleted) {
      this.deleted++;
      copyNames(this.#call, this.#call.length(index));
    }
    return result ?? FieldResult.noField;
  }

  /** Notes the first time of the hash, and deletes the hash if no field is left. */
  end(): void {
    const call = this.#call;
    call.db.timedHashes.fieldsTimed(this.#row, this.#firstMs);
    call.dirty += this.updated + this.deleted;
    deleteIfEmpty(call, this.#row, this.#hash!, false);
  }
}

/** Makes and frees the names that propagate the deletion of a field. */
function copyNames(call: Call, fieldLength: number): void {
  const key = newTemporaryString(call, call.length(1));
  const field = newTemporaryString(call, fieldLength);
  freeTemporary(call, key);
  freeTemporary(call, field);
}

/**
 * Deletes an expired field that a command reads, in versions whose reads do that. The last field deletes the hash,
 * unless the command `keepsHash`. Returns whether the hash is still there.
 */
export function dropExpired(
  call: Call,
  row: number,
  hash: HashValue,
  needle: LookupKey,
  keepsHash = false,
): boolean {
  if (!hasEbuckets(call) || !hash.isExpired(needle)) return true;
  hash.remove(needle);
  copyNames(call, needle.length);
  const key = newTemporaryString(call, call.length(1));
  const isGone = !keepsHash && deleteIfEmpty(call, row, hash, false);
  freeTemporary(call, key);
  return !isGone;
}

function hpersist(call: Call): void {
  const asked = foundToWrite(call, () => parseFields(call, formOf(call)));
  if (asked === undefined) return;
  const { request, row, hash } = asked;
  const had = hash?.hasExpiries === true;
  call.reply.array(request.count);
  let changes = 0;
  eachField(request, (index) => {
    const result = hash?.persist(needleAt(call, index)) ?? FieldResult.noField;
    if (result === FieldResult.set) changes++;
    call.reply.integer(result);
  });
  call.dirty += changes;
  if (changes > 0) call.db.timedHashes.fieldsChanged(row, had);
}

/** httlGenericCommand */
function httl(inSeconds: boolean, isAbsolute: boolean) {
  return (call: Call): void => {
    const asked = found(
      call,
      () => call.lookupRead(1),
      () => parseFields(call, formOf(call)),
    );
    if (asked === undefined) return;
    const { request, hash } = asked;
    const rounding = call.version.commands.roundsFieldSecondsUp ? 999 : 500;
    call.reply.array(request.count);
    eachField(request, (index) => {
      const expiry = hash?.expiryOf(needleAt(call, index));
      const ms = isAbsolute ? expiry : Math.max(0, (expiry ?? 0) - call.values.clock.unixMs);
      if (expiry === undefined) call.reply.integer(FieldResult.noField);
      else if (expiry === 0) call.reply.integer(FieldResult.noExpiry);
      else call.reply.integer(inSeconds ? Math.floor((ms! + rounding) / 1000) : ms!);
    });
  };
}

function replyValue(call: Call, hash: HashValue | undefined, index: number): boolean {
  const code = hash?.get(needleAt(call, index));
  if (hash === undefined || code === undefined) call.reply.nil();
  else call.reply.bulk(hash.lengthOfValue(code));
  return code !== undefined;
}

function hgetdel(call: Call): void {
  const asked = foundToWrite(call, () => parseFields(call, formOf(call)));
  if (asked === undefined) return;
  const { request, row } = asked;
  let { hash } = asked;
  const had = hash?.hasExpiries === true;
  let deleted = 0;
  call.reply.array(request.count);
  call.values.removing(hash ?? NOTHING, () => {
    eachField(request, (index) => {
      if (hash !== undefined) dropExpired(call, row, hash, needleAt(call, index), true);
      replyValue(call, hash, index);
      if (hash?.delete(needleAt(call, index)) !== true) return;
      deleted++;
      if (!hasEbuckets(call) && deleteIfEmpty(call, row, hash, had)) hash = undefined;
    });
  });
  if (hasEbuckets(call) && deleted > 0) for (const index of [0, 2, 3]) call.args.rewriteOne(index);
  if (hash !== undefined && !deleteIfEmpty(call, row, hash, false))
    call.db.timedHashes.fieldsDeleted(row, had);
  call.dirty += deleted;
}

const NOTHING = { table: undefined, size: 0 };

/** HGETEX where ebuckets order the fields. */
function hgetexInEbuckets(call: Call): void {
  const asked = foundToWrite(call, () => parseHgetex(call, formOf(call), call.epochMs(call.nowMs)));
  if (asked === undefined) return;
  const { request, row, hash } = asked;
  const when = request.when as number;
  const changes = request.persists || request.time !== undefined;
  const setting = new FieldSetting(call, row, changes ? hash : undefined, when);
  let persisted = 0;
  call.reply.array(request.count);
  eachField(request, (index) => {
    if (hash !== undefined) dropExpired(call, row, hash, needleAt(call, index), true);
    if (!replyValue(call, hash, index) || hash === undefined) return;
    if (request.persists) persisted += hash.persist(needleAt(call, index)) === FieldResult.set ? 1 : 0;
    else if (changes) setting.set(index, () => true);
  });
  if (hash === undefined) return;
  if (setting.updated + persisted > 0) rewriteHgetex(call, request, when);
  call.dirty += persisted;
  if (changes) setting.end();
  else deleteIfEmpty(call, row, hash, false);
}

/** Propagates HGETEX as HPERSIST or HPEXPIREAT: by words that change, or by a new vector. */
function rewriteHgetex(call: Call, request: FieldOptionsRequest, when: number): void {
  const { persists, time, expiryIndex, first, count } = request;
  if (formOf(call) === 'fixed places') {
    call.args.rewriteOne(0);
    call.args.rewriteOne(2);
    if (!persists && (time?.inSeconds === true || time?.isAbsolute === false)) {
      call.args.rewriteOne(expiryIndex, newTemporaryInteger(call, when));
    }
    return;
  }
  const array = newArray(call, count + (persists ? HPERSIST_WORDS : HGETEX_WORDS));
  const extra = persists ? [] : [newTemporaryInteger(call, when)];
  const fields = Array.from({ length: count }, (_, at) => first + at);
  call.args.replace(array, [1, ...fields], extra, {
    slots: count + (persists ? HPERSIST_WORDS : HGETEX_WORDS),
  });
}

/** HPERSIST, the key, FIELDS and their number. */
const HPERSIST_WORDS = 4;

function hgetex(call: Call): void {
  if (hasEbuckets(call)) {
    hgetexInEbuckets(call);
    return;
  }
  const asked = found(
    call,
    () => call.lookupRead(1),
    () => parseHgetex(call, formOf(call), call.epochMs(call.nowMs)),
  );
  if (asked === undefined) return;
  const { request, row, hash } = asked;
  const when = orReplyError(call, request.when);
  if (when === undefined) return;
  const had = hash?.hasExpiries === true;
  const expires = request.time !== undefined;
  call.reply.array(request.count);
  const array = expires || request.persists ? newArray(call, request.count + HGETEX_WORDS) : 0;
  const changed: number[] = [];
  eachField(request, (index) => {
    replyValue(call, hash, index);
    const needle = needleAt(call, index);
    let result: FieldResult = FieldResult.noField;
    if (request.persists) result = hash?.persist(needle) ?? result;
    else if (expires) result = hash?.setExpiry(needle, when, () => true) ?? result;
    if (result > FieldResult.notMet) changed.push(index);
  });
  if (hash === undefined || changed.length === 0) {
    if (array !== 0) call.heap.free(array);
    return;
  }
  const sets = expires && !call.values.isInThePast(when);
  call.args.replace(array, [1, ...changed], sets ? [newTemporaryInteger(call, when)] : []);
  call.dirty += changed.length;
  call.db.timedHashes.fieldsChanged(row, had);
  deleteIfEmpty(call, row, hash, false);
}

/** HPEXPIREAT, the key, the time, FIELDS and their number. */
const HGETEX_WORDS = 5;

function hsetex(call: Call): void {
  const request = orReplyError(call, parseHsetex(call, formOf(call), call.epochMs(call.nowMs)));
  if (request === undefined) return;
  const row = call.lookupWrite(1);
  const existing = row === 0 ? undefined : modelAt(call, row, HashValue);
  if (row !== 0 && existing === undefined) return;
  if (row === 0 ? request.onlyExistingKey : request.onlyNewKey) {
    call.reply.integer(0);
    return;
  }
  const when = orReplyError(call, request.when);
  if (when === undefined) return;
  if (!meetsFields(call, existing, request)) {
    call.reply.integer(0);
    return;
  }
  const hash = existing ?? newHash(call);
  if (hasEbuckets(call)) setFieldsInEbuckets(call, hash, request, when);
  else setFields(call, hash, request, when);
  call.reply.integer(1);
}

function newHash(call: Call): HashValue {
  const hash = new HashValue(call.values);
  addModel(call, 1, hash);
  return hash;
}

/** Whether the conditions on the fields of HSETEX hold. */
function meetsFields(
  call: Call,
  hash: HashValue | undefined,
  { first, count, onlyNewFields, onlyExistingFields }: FieldOptionsRequest,
): boolean {
  if (!onlyNewFields && !onlyExistingFields) return true;
  if (hash === undefined) return !onlyExistingFields;
  for (let index = first; index < first + count * 2; index += 2) {
    const exists = hash.get(needleAt(call, index)) !== undefined;
    if (exists ? onlyNewFields : onlyExistingFields) return false;
  }
  return true;
}

/** Sets fields and then their expiries, even those that are deleted at once. */
function setFieldsInEbuckets(call: Call, hash: HashValue, request: FieldOptionsRequest, when: number): void {
  const { first, count, keepsExpiry, time, expiryIndex } = request;
  const end = first + count * 2;
  let longest = 0;
  for (let index = first; index < end; index++) longest = Math.max(longest, call.length(index));
  hash.prepare(count, longest);
  const expires = time !== undefined;
  const row = call.peek(1);
  const setting = new FieldSetting(call, row, expires ? hash : undefined, when);
  const { field, value } = call.values.scratch;
  for (let index = first; index < end; index += 2) {
    pointAt(field, call, index);
    pointAt(value, call, index + 1);
    if (keepsExpiry || expires) hash.setKeeping(field, value);
    else hash.set(field, value);
    if (expires) setting.set(index, () => true);
  }
  call.dirty += count;
  if (!expires) return;
  const { deleted } = setting;
  if (deleted === 0 && (time.inSeconds || !time.isAbsolute)) {
    call.args.rewriteOne(expiryIndex - 1);
    call.args.rewriteOne(expiryIndex, newTemporaryInteger(call, when));
  }
  setting.end();
}

function setFields(call: Call, hash: HashValue, request: FieldOptionsRequest, when: number): void {
  const { first, count, keepsExpiry, time } = request;
  const had = hash.hasExpiries;
  const isGone = time !== undefined && call.values.isInThePast(when);
  const isRewritten = isGone || rewritesHsetex(request);
  let array = 0;
  if (isGone) array = newArray(call, count + HDEL_WORDS);
  else if (isRewritten) array = newArray(call, call.count);
  const isConverted = !isGone && time !== undefined && !(time.isAbsolute && !time.inSeconds);
  const extra = isConverted ? [newTemporaryInteger(call, when)] : [];
  const { field, value } = call.values.scratch;
  const kept: number[] = [1];
  let changes = 0;
  for (let index = first; index < first + count * 2; index += 2) {
    pointAt(field, call, index);
    if (!isGone) {
      if (keepsExpiry) hash.setKeeping(field, pointAt(value, call, index + 1));
      else hash.set(field, pointAt(value, call, index + 1), 0, when);
      kept.push(index, index + 1);
      changes++;
    } else if (hash.remove(field)) {
      kept.push(index);
      changes++;
    }
  }
  const row = call.peek(1);
  if (changes > 0) {
    call.db.timedHashes.fieldsChanged(row, had);
    if (array !== 0) call.args.replace(array, kept, extra);
    call.dirty += changes;
  } else if (array !== 0) call.heap.free(array);
  deleteIfEmpty(call, row, hash, false);
}

/** Whether HSETEX is propagated in another form than the request has. */
function rewritesHsetex({
  onlyNewKey,
  onlyExistingKey,
  onlyNewFields,
  onlyExistingFields,
  time,
}: FieldOptionsRequest): boolean {
  if (onlyNewKey || onlyExistingKey || onlyNewFields || onlyExistingFields) return true;
  return time !== undefined && (time.inSeconds || !time.isAbsolute);
}

export const FIELD_EXPIRY_COMMANDS: Handlers = {
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
