import { integerValue } from '../../base/index.js';
import type { Elements, RdbSet, Slice } from '../../input/index.js';
import { ContainerKind, ListpackKind } from '../heap/index.js';
import { Intset, Listpack, SetValue } from '../values/index.js';
import type { Loaded } from './loaded.js';
import { type LoadContext, pointTo } from './loading-context.js';

/** Bytes in front of an intset's numbers: their width and their count. */
const INTSET_HEADER = 8;

export function loadSet(context: LoadContext, { encoding, blob, elements }: RdbSet): Loaded {
  if (blob !== undefined && encoding === 'intset') return loadIntset(context, blob, elements);
  // Servers without listpack sets refuse the file; here they load the members instead.
  const isPacked = blob !== undefined && context.space.policy.listpackSets;
  return isPacked ? loadPacked(context, blob, elements) : loadMembers(context, elements);
}

function loadIntset(context: LoadContext, blob: Slice, elements: Elements<Slice>): Loaded {
  const { heap, space } = context;
  const values: (number | bigint)[] = [];
  for (const { bytes, start, length } of elements) values.push(integerValue(bytes, start, length));
  const width = elements.count === 0 ? 2 : (blob.length - INTSET_HEADER) / elements.count;
  const intset = context.reading(blob, () => new Intset(heap, values, width));
  const object = context.newObject();
  const model = new SetValue(space, intset);
  model.fitLoaded();
  return { model, object };
}

function loadPacked(context: LoadContext, blob: Slice, elements: Elements<Slice>): Loaded {
  const { heap, space, needle } = context;
  const listpack = context.reading(blob, () => Listpack.loaded(heap, ListpackKind.set, blob.length));
  const object = context.newObject();
  const model = new SetValue(space, listpack);
  for (const element of elements) model.adopt(pointTo(needle, element));
  model.fitLoaded();
  return { model, object };
}

/** Loads a set member by member, each as a string. */
function loadMembers(context: LoadContext, elements: Elements<Slice>): Loaded {
  const { heap, space, settings, needle } = context;
  const { count } = elements;
  const isLarge = count > settings.setMaxIntsetEntries;
  const content = isLarge ? space.newSetTable() : new Intset(heap);
  const object = context.newObject();
  if (!(content instanceof Intset)) content.resizeTo(count);
  const model = new SetValue(space, content);
  let longest = 0;
  for (const element of elements) {
    const handle = context.sds(element, ContainerKind.setMember);
    longest = Math.max(longest, element.length);
    if (!model.addLoaded(pointTo(needle, element), handle, count, longest)) {
      throw context.refuse('a set has a member twice');
    }
  }
  return { model, object };
}
