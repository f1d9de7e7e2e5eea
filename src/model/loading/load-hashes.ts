import type { Elements, RdbField, RdbHash, Slice } from '../../input/index.js';
import { ContainerKind, ListpackKind } from '../heap/index.js';
import { HashValue } from '../values/index.js';
import { convertToListpack, loadListpack } from './listpacks.js';
import type { Loaded } from './loaded.js';
import { type LoadContext, pointTo } from './loading-context.js';

/** Loads a hash. The expiry of fields is dropped, because no modelled server has it. */
export function loadHash(context: LoadContext, { encoding, blob, elements }: RdbHash): Loaded {
  // These servers cannot hold a listpack with expiry times.
  if (blob === undefined || encoding === 'listpackex') return loadFields(context, elements);
  return loadPacked(context, blob, elements, encoding);
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

/** Loads a hash field by field, each with its value as two strings. */
function loadFields(context: LoadContext, elements: Elements<RdbField>): Loaded {
  const { space, settings, version, needle, other } = context;
  const model = new HashValue(space);
  const object = context.newObject();
  let left = elements.count;
  let isTable = left > settings.hashMaxListpackEntries;
  if (isTable) {
    model.toTable();
    if (left > version.dicts.initialBuckets) model.presize(left);
  }
  for (const { field, value } of elements) {
    left--;
    const fieldHandle = context.sds(field, ContainerKind.hashField);
    const valueHandle = context.sds(value, ContainerKind.hashValue);
    if (!model.addLoaded(pointTo(needle, field), pointTo(other, value), fieldHandle, valueHandle)) {
      throw context.refuse('a hash has a field twice');
    }
    if (!isTable && model.encoding === 'hashtable') {
      isTable = true;
      if (left > version.dicts.initialBuckets) model.presize(left);
    }
  }
  return { model, object };
}
