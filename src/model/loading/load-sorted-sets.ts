import type { Elements, RdbScored, RdbSortedSet, Slice } from '../../input/index.js';
import { ContainerKind, ListpackKind } from '../heap/index.js';
import { Skiplist, SortedSetValue, scoreText } from '../values/index.js';
import { convertToListpack, loadListpack } from './listpacks.js';
import type { Loaded } from './loaded.js';
import { type LoadContext, pointTo } from './loading-context.js';

export function loadSortedSet(context: LoadContext, { encoding, blob, elements }: RdbSortedSet): Loaded {
  return blob === undefined
    ? loadMembers(context, elements)
    : loadPacked(context, blob, elements, encoding === 'ziplist');
}

function loadPacked(
  context: LoadContext,
  blob: Slice,
  elements: Elements<RdbScored>,
  isZiplist: boolean,
): Loaded {
  const { space, needle, other } = context;
  const owner = ListpackKind.sortedSet;
  const loaded = isZiplist
    ? convertToListpack(context, blob, true, owner)
    : loadListpack(context, blob, owner);
  const model = new SortedSetValue(space, loaded.listpack);
  for (const { member, score } of elements) {
    loaded.enter(pointTo(needle, member));
    if (isZiplist) loaded.enter(other.setText(scoreText(score, space.policy.shortestScores)));
    model.adopt(needle, score);
  }
  loaded.end(!model.fitLoaded());
  return { model, object: loaded.object };
}

/** Loads the members into a skiplist. A small skiplist becomes a listpack after the last member. */
function loadMembers(context: LoadContext, elements: Elements<RdbScored>): Loaded {
  const { space, version, needle } = context;
  const list = new Skiplist(space);
  const object = context.newObject();
  if (elements.count > version.dicts.initialBuckets) list.table.resizeTo(elements.count);
  const model = new SortedSetValue(space, list);
  let longest = 0;
  for (const { member, score } of elements) {
    const handle = context.sds(member, ContainerKind.sortedSetMember);
    longest = Math.max(longest, member.length);
    if (!model.addLoaded(pointTo(needle, member), handle, score)) {
      throw context.refuse('a sorted set has a member twice');
    }
  }
  model.packIfSmall(longest);
  return { model, object };
}
