import type { Elements, RdbField, RdbHash, Slice } from '../../input/index.js';
import { ContainerKind, ListpackKind } from '../heap/index.js';
import { HashValue } from '../values/index.js';
import { convertToListpack, loadListpack } from './listpacks.js';
import type { Loaded } from './loaded.js';
import { type LoadContext, pointTo } from './loading-context.js';

/** Loads a hash. Versions without fields that expire drop their expiries. */
export function loadHash(context: LoadContext, hash: RdbHash): Loaded {
  const { encoding, blob, elements, fieldsExpire } = hash;
  const { fieldExpiry } = context.space.policy;
  if (fieldsExpire && blob === undefined && fieldExpiry !== 'none') return loadTimedFields(context, elements);
  if (blob === undefined) return loadFields(context, elements);
  if (encoding !== 'listpackex') return loadPacked(context, blob, elements, encoding);
  // Only versions with ebuckets hold a listpack with expiries.
  if (fieldExpiry === 'ebuckets') return loadTimedListpack(context, blob, elements);
  return fieldExpiry === 'vset' ? loadTimedFields(context, elements) : loadFields(context, elements);
}

function loadPacked(
  context: LoadContext,
  blob: Slice,
  elements: Elements<RdbField>,
  encoding: RdbHash['encoding'],
): Loaded {
  const { space, needle, other } = context;
  const isListpack = encoding === 'listpack';
  const loaded = isListpack
    ? loadListpack(context, blob, ListpackKind.hash)
    : convertToListpack(context, blob, encoding === 'ziplist', ListpackKind.hash);
  const model = new HashValue(space, loaded.listpack);
  for (const { field, value } of elements) {
    loaded.enter(pointTo(needle, field));
    loaded.enter(pointTo(other, value));
    model.adopt(needle, other);
  }
  loaded.end(model.size <= context.settings.hashMaxListpackEntries);
  model.fitLoaded();
  return { model, object: loaded.object };
}

/** Loads a listpack of fields, values and expiries, for which a struct is made. */
function loadTimedListpack(context: LoadContext, blob: Slice, elements: Elements<RdbField>): Loaded {
  const { space, needle, other } = context;
  const { listpack, object } = loadListpack(context, blob, ListpackKind.hash);
  const model = new HashValue(space, listpack);
  model.adoptTimes();
  for (const { field, value, expireAtMs = 0 } of elements) {
    model.adopt(pointTo(needle, field), pointTo(other, value), expireAtMs);
  }
  model.fitLoaded();
  return { model, object };
}

/** Loads a hash field by field, each with its value as two strings. */
function loadFields(context: LoadContext, elements: Elements<RdbField>): Loaded {
  const { space, settings, version } = context;
  const model = new HashValue(space);
  const object = context.newObject();
  let left = elements.count;
  let isTable = left > settings.hashMaxListpackEntries;
  if (isTable) {
    model.toTable();
    if (left > version.dicts.initialBuckets) model.presize(left);
  }
  for (const element of elements) {
    left--;
    addField(context, model, element, 0);
    if (!isTable && model.encoding === 'hashtable') {
      isTable = true;
      if (left > version.dicts.initialBuckets) model.presize(left);
    }
  }
  return { model, object };
}

/** Loads a hash field by field, each with an expiry if it has one. */
function loadTimedFields(context: LoadContext, elements: Elements<RdbField>): Loaded {
  const { space, settings, version } = context;
  const isAlwaysTable = space.policy.fieldExpiry === 'vset';
  const model = new HashValue(space);
  const object = context.newObject();
  let left = elements.count;
  let isTable = isAlwaysTable || left > settings.hashMaxListpackEntries;
  if (isTable) model.toTable();
  if (isAlwaysTable) model.presize(left);
  model.makeTimed();
  for (const element of elements) {
    left--;
    const { expireAtMs = 0 } = element;
    if (isAlwaysTable && context.dropsField(expireAtMs)) dropField(context, element);
    else addField(context, model, element, expireAtMs);
    if (!isTable && model.encoding === 'hashtable') {
      isTable = true;
      if (left > version.dicts.initialBuckets) model.presize(left);
    }
  }
  return { model, object };
}

function addField(context: LoadContext, model: HashValue, { field, value }: RdbField, expiry: number): void {
  const { needle, other } = context;
  const fieldHandle = context.field(field, expiry !== 0);
  const valueHandle = context.sds(value, ContainerKind.hashValue);
  const isNew = model.addLoaded(
    pointTo(needle, field),
    pointTo(other, value),
    fieldHandle,
    valueHandle,
    expiry,
  );
  if (!isNew) throw context.refuse('a hash has a field twice');
}

/** Reads and frees a field that has expired. */
function dropField(context: LoadContext, { field, value }: RdbField): void {
  const { heap } = context;
  const handles = [field, value].map((slice) => context.sds(slice, ContainerKind.containerTemporary));
  for (const handle of handles) heap.free(handle);
}
