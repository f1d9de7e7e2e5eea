import { decodePlace, foundBy, type GeoForm, type GeoRequest, parseGeoSearch } from '../../commands/index.js';
import { ContainerKind } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { Skiplist, SortedSetValue } from '../values/index.js';
import { modelAt } from './container-call.js';
import { memberPlace, replyDistance, replyPlace } from './geo.js';
import { orReplyError } from './parsed.js';
import { storeAt } from './sorted-sets.js';

/** The number of points for which a geoArray has room at first. */
const FIRST_POINTS = 8;

interface Point {
  readonly name: number;
  readonly score: number;
  readonly distance: number;
  readonly sds: number;
}

/** GEORADIUS, GEORADIUSBYMEMBER, GEOSEARCH and those that store. */
function geosearch(kind: GeoForm['kind'], store: number, mayStore: boolean): (call: Call) => void {
  const form: GeoForm = { kind, store, mayStore };
  return (call) => {
    const row = call.lookupRead(store > 0 ? 2 : 1);
    const set = row === 0 ? undefined : modelAt(call, row, SortedSetValue);
    if (row !== 0 && set === undefined) return;
    const memberAt = set && ((index: number) => memberPlace(call, set, index));
    const request = orReplyError(call, parseGeoSearch(call, form, memberAt));
    if (request === undefined) return;
    if (set === undefined) {
      if (request.store > 0) storeAt(call, request.store, undefined);
      else call.reply.array(0);
    } else answer(call, set, request);
  };
}

function answer(call: Call, set: SortedSetValue, search: GeoRequest): void {
  const { heap, version } = call;
  const { contents } = call.values;
  const { count, order, store } = search;
  if (store > 0) call.aimAt(store);
  const { geoArray } = version.sizes;
  const struct = geoArray === 0 ? 0 : heap.malloc(geoArray, ContainerKind.containerTemporary);
  const points: Point[] = [];
  let array = 0;
  // The first points are in the struct where it is on the stack.
  let room = geoArray === 0 ? FIRST_POINTS : 0;
  const members = set.slice(0, set.size);
  for (const { index, distance } of foundBy(search, members.length, (at) => members[at]![1])) {
    const [name, score] = members[index]!;
    const sds = call.values.newString(contents.length(name), ContainerKind.sortedSetMember);
    if (points.length === room) {
      room = room === 0 ? FIRST_POINTS : room * 2;
      if (array === 0) array = heap.malloc(room * version.sizes.geoPoint, ContainerKind.containerTemporary);
      else heap.realloc(array, room * version.sizes.geoPoint, ContainerKind.containerTemporary);
    }
    points.push({ name: contents.copy(name), score, distance, sds });
  }
  const sign = order === 'desc' ? -1 : 1;
  if (order !== undefined) points.sort((left, right) => sign * (left.distance - right.distance));
  const chosen = count === 0 ? points : points.slice(0, count);
  if (store > 0) storePoints(call, search, chosen);
  else replyPoints(call, search, chosen);
  const isTaken = store > 0 ? chosen.length : 0;
  for (const [index, { sds, name }] of points.entries()) {
    if (index >= isTaken) heap.free(sds);
    if (index >= isTaken) contents.release(name);
  }
  if (array !== 0) heap.free(array);
  if (struct !== 0) heap.free(struct);
}

function replyPoints(call: Call, search: GeoRequest, points: readonly Point[]): void {
  const { contents } = call.values;
  const { withDistance, withHash, withPlace, unit } = search;
  const options = [withDistance, withHash, withPlace].filter(Boolean).length;
  call.reply.array(points.length);
  for (const { name, score, distance } of points) {
    if (options > 0) call.reply.array(options + 1);
    call.reply.bulk(contents.length(name));
    if (withDistance) replyDistance(call, distance / unit);
    if (withHash) call.reply.integer(score);
    if (withPlace) replyPlace(call, decodePlace(score));
  }
}

/** Stores a skiplist that takes over the strings; a small result is packed into a listpack. */
function storePoints(call: Call, search: GeoRequest, points: readonly Point[]): void {
  const space = call.values;
  if (points.length === 0) {
    storeAt(call, search.store, undefined);
    return;
  }
  const list = new Skiplist(space);
  const object = call.newObject();
  const set = new SortedSetValue(space, list);
  let longest = 0;
  for (const { name, sds, score, distance } of points) {
    longest = Math.max(longest, space.contents.length(name));
    list.take(name, sds, search.storesDistance ? distance / search.unit : score);
  }
  set.packIfSmall(longest);
  storeAt(call, search.store, { set, object });
}

export const GEO_SEARCH_COMMANDS: Handlers = {
  georadius: geosearch('radius', 0, true),
  georadius_ro: geosearch('radius', 0, false),
  georadiusbymember: geosearch('member', 0, true),
  georadiusbymember_ro: geosearch('member', 0, false),
  geosearch: geosearch('search', 0, false),
  geosearchstore: geosearch('search', 1, true),
};
