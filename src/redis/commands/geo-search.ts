import type { Call } from '../call.js';
import type { CommandSpec } from '../command-table.js';
import { ContainerOwner } from '../containers/owners.js';
import { Skiplist } from '../containers/skiplist.js';
import { SortedSetValue } from '../containers/sorted-set-value.js';
import { decodePlace, type Place, withinBox, withinCircle } from '../geo.js';
import { modelAt, spaceOf } from './container-call.js';
import { memberPlace, placeAt, replyDistance, replyPlace, unitAt } from './geo.js';
import { storeAt } from './sorted-sets.js';

/** geoArray, and each point of it. */
const ARRAY_STRUCT = 24;
const POINT = 40;
const FIRST_POINTS = 8;
/** Scores of places are below this. */
const SCORES = 2 ** 52;

interface Search {
  centre: Place | undefined;
  within: ((centre: Place, place: Place) => number | undefined) | undefined;
  /** Metres in the unit that distances are said in. */
  unit: number;
  count: number;
  any: boolean;
  order: 'asc' | 'desc' | undefined;
  withDistance: boolean;
  withHash: boolean;
  withPlace: boolean;
  /** Argument that names the key to store in; 0: none. */
  store: number;
  storesDistance: boolean;
}

interface Point {
  readonly name: number;
  readonly score: number;
  readonly distance: number;
  readonly sds: number;
}

type Form = 'radius' | 'member' | 'search';

/** GEORADIUS, GEORADIUSBYMEMBER, GEOSEARCH and those that store. */
function geosearch(form: Form, storeArgument: number, mayStore: boolean): (call: Call) => void {
  return (call) => {
    const row = call.lookupRead(storeArgument > 0 ? 2 : 1);
    const set = row === 0 ? undefined : modelAt(call, row, SortedSetValue);
    if (row !== 0 && set === undefined) return;
    const search = requestOf(call, form, storeArgument, mayStore, set);
    if (search === undefined) return;
    const { centre, within, store } = search;
    if (set === undefined) {
      if (store > 0) storeAt(call, store, undefined);
      else call.reply.array(0);
    } else if (centre !== undefined && within !== undefined) {
      answer(call, set, search, centre, within);
    }
  };
}

function answer(
  call: Call,
  set: SortedSetValue,
  search: Search,
  centre: Place,
  within: NonNullable<Search['within']>,
): void {
  const { heap } = call;
  const { contents } = spaceOf(call);
  const { count, any, order, store } = search;
  if (store > 0) call.aimAt(store);
  const struct = heap.malloc(ARRAY_STRUCT, ContainerOwner.containerTemporary);
  const points: Point[] = [];
  let array = 0;
  let room = 0;
  for (const [name, score] of set.slice(0, set.size)) {
    // No place has such a score, and only places are looked for.
    const distance = score < 0 || score >= SCORES ? undefined : within(centre, decodePlace(score));
    if (distance === undefined) continue;
    const sds = spaceOf(call).newString(contents.length(name), ContainerOwner.sortedSetMember);
    if (points.length === room) {
      room = room === 0 ? FIRST_POINTS : room * 2;
      if (array === 0) array = heap.malloc(room * POINT, ContainerOwner.containerTemporary);
      else heap.realloc(array, room * POINT, ContainerOwner.containerTemporary);
    }
    points.push({ name: contents.copy(name), score, distance, sds });
    if (any && points.length === count) break;
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
  heap.free(struct);
}

function replyPoints(call: Call, search: Search, points: readonly Point[]): void {
  const { contents } = spaceOf(call);
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

/** A skiplist that takes the strings over, then perhaps a listpack, under the key to store in. */
function storePoints(call: Call, search: Search, points: readonly Point[]): void {
  const space = spaceOf(call);
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

function requestOf(
  call: Call,
  form: Form,
  storeArgument: number,
  mayStore: boolean,
  set: SortedSetValue | undefined,
): Search | undefined {
  const search: Search = {
    centre: undefined,
    within: undefined,
    unit: 1,
    count: 0,
    any: false,
    order: undefined,
    withDistance: false,
    withHash: false,
    withPlace: false,
    store: storeArgument,
    storesDistance: false,
  };
  let next = storeArgument > 0 ? 3 : 2;
  if (form === 'radius') {
    search.centre = placeAt(call, 2);
    if (search.centre === undefined || !takeCircle(call, search, 4)) return undefined;
    next = 6;
  } else if (form === 'member') {
    if (set !== undefined && !(takeMember(call, search, set, 2) && takeCircle(call, search, 3)))
      return undefined;
    next = 5;
  }
  let left = 0;
  for (; next < call.argc; next = left) {
    const taken = takeOption(call, search, form, next, mayStore, set);
    if (taken === 0) return undefined;
    left = next + taken;
  }
  return isComplete(call, search, form, set) ? search : undefined;
}

function isComplete(call: Call, search: Search, form: Form, set: SortedSetValue | undefined): boolean {
  const { name } = call.spec;
  if (search.store > 0 && (search.withDistance || search.withHash || search.withPlace)) {
    const what = form === 'search' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS';
    call.reply.error(`ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`);
  } else if (form === 'search' && search.centre === undefined && set !== undefined) {
    call.reply.error(`ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${name}`);
  } else if (form === 'search' && search.within === undefined) {
    call.reply.error(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${name}`);
  } else if (search.any && search.count === 0) {
    call.reply.error('ERR the ANY argument requires COUNT argument');
  } else {
    // The nearest are asked for, unless any will do.
    if (search.count > 0 && !search.any) search.order ??= 'asc';
    return true;
  }
  return false;
}

/** How many arguments the option at `index` takes; 0 if it makes no sense, and the error has been said. */
function takeOption(
  call: Call,
  search: Search,
  form: Form,
  index: number,
  mayStore: boolean,
  set: SortedSetValue | undefined,
): number {
  const left = call.argc - index - 1;
  const isSearch = form === 'search';
  if (call.is(index, 'WITHDIST')) search.withDistance = true;
  else if (call.is(index, 'WITHHASH')) search.withHash = true;
  else if (call.is(index, 'WITHCOORD')) search.withPlace = true;
  else if (call.is(index, 'ANY')) search.any = true;
  else if (call.is(index, 'ASC')) search.order = 'asc';
  else if (call.is(index, 'DESC')) search.order = 'desc';
  else if (isSearch && search.store > 0 && call.is(index, 'STOREDIST')) search.storesDistance = true;
  else if (call.is(index, 'COUNT') && left >= 1) return takeCount(call, search, index + 1);
  else if (!isSearch && mayStore && left >= 1 && (call.is(index, 'STORE') || call.is(index, 'STOREDIST'))) {
    search.store = index + 1;
    search.storesDistance = call.is(index, 'STOREDIST');
    return 2;
  } else if (isSearch && call.is(index, 'FROMMEMBER') && left >= 1) {
    return set === undefined || takeMember(call, search, set, index + 1) ? 2 : 0;
  } else if (isSearch && call.is(index, 'FROMLONLAT') && left >= 2) {
    search.centre = placeAt(call, index + 1);
    return search.centre === undefined ? 0 : 3;
  } else if (isSearch && call.is(index, 'BYRADIUS') && left >= 2) {
    return takeCircle(call, search, index + 1) ? 3 : 0;
  } else if (isSearch && call.is(index, 'BYBOX') && left >= 3) {
    return takeBox(call, search, index + 1) ? 4 : 0;
  } else {
    call.reply.syntaxError();
    return 0;
  }
  return 1;
}

function takeCount(call: Call, search: Search, index: number): number {
  const count = call.integer(index);
  if (count === undefined || count <= 0) {
    call.reply.error(
      count === undefined ? 'ERR value is not an integer or out of range' : 'ERR COUNT must be > 0',
    );
    return 0;
  }
  search.count = count;
  return 2;
}

function takeMember(call: Call, search: Search, set: SortedSetValue, index: number): boolean {
  search.centre = memberPlace(call, set, index);
  if (search.centre === undefined) call.reply.error('ERR could not decode requested zset member');
  return search.centre !== undefined;
}

function takeCircle(call: Call, search: Search, index: number): boolean {
  const radius = call.float(index);
  if (radius === undefined || radius < 0) {
    call.reply.error(radius === undefined ? 'ERR need numeric radius' : 'ERR radius cannot be negative');
    return false;
  }
  const unit = unitAt(call, index + 1);
  if (unit === undefined) return false;
  search.unit = unit;
  search.within = (centre, place) => withinCircle(centre, radius * unit, place);
  return true;
}

function takeBox(call: Call, search: Search, index: number): boolean {
  const width = call.float(index);
  const height = call.float(index + 1);
  if (width === undefined || height === undefined || width < 0 || height < 0) {
    call.reply.error(
      width === undefined
        ? 'ERR need numeric width'
        : height === undefined
          ? 'ERR need numeric height'
          : 'ERR height or width cannot be negative',
    );
    return false;
  }
  const unit = unitAt(call, index + 2);
  if (unit === undefined) return false;
  search.unit = unit;
  search.within = (centre, place) => withinBox(centre, width * unit, height * unit, place);
  return true;
}

export const GEO_SEARCH_COMMANDS: readonly CommandSpec[] = [
  { name: 'georadius', handler: geosearch('radius', 0, true), arity: -6, deniedWhenFull: true },
  { name: 'georadius_ro', handler: geosearch('radius', 0, false), arity: -6 },
  { name: 'georadiusbymember', handler: geosearch('member', 0, true), arity: -5, deniedWhenFull: true },
  { name: 'georadiusbymember_ro', handler: geosearch('member', 0, false), arity: -5 },
  { name: 'geosearch', handler: geosearch('search', 0, false), arity: -7 },
  { name: 'geosearchstore', handler: geosearch('search', 1, true), arity: -8, deniedWhenFull: true },
];
