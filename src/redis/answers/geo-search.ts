import { decodePlace, type Place, withinBox, withinCircle } from '../geo.js';
import { type AnswerSpec, read, write } from './answer-spec.js';
import type { Ask } from './ask.js';
import { placeAt, replyDistance, replyPlace, unitAt } from './geo-places.js';
import { syntaxError } from './refusal.js';
import { type Member, SortedContent } from './values.js';

type Form = 'radius' | 'member' | 'search';

interface Search {
  centre?: Place;
  /** FROMMEMBER of a key that is not there. */
  hasCentre: boolean;
  within?: (centre: Place, place: Place) => number | undefined;
  shape?: 'circle' | 'box';
  from?: 'member' | 'place';
  /** Metres in the unit that distances are said in. */
  unit: number;
  count: number;
  any: boolean;
  order?: 'asc' | 'desc';
  withDistance: boolean;
  withHash: boolean;
  withPlace: boolean;
  /** Argument that names the key to store in; 0: none. */
  store: number;
  storesDistance: boolean;
}

interface Found extends Member {
  readonly distance: number;
}

/** Scores of places are below this. */
const SCORES = 2 ** 52;

/** GEORADIUS, GEORADIUSBYMEMBER, GEOSEARCH and those that store. What is not sorted comes in the order of scores. */
function geosearch(form: Form, storeArgument: number, mayStore: boolean) {
  return (ask: Ask): void => {
    const set = ask.get(storeArgument > 0 ? 2 : 1, SortedContent);
    const search = requestOf(ask, form, storeArgument, mayStore, set);
    const found = set === undefined ? [] : foundIn(set, search);
    if (search.store > 0) storeFound(ask, search, found);
    else replyFound(ask, search, found);
  };
}

function foundIn({ order: members }: SortedContent, search: Search): Found[] {
  const { centre, within, count, any } = search;
  const order = search.order ?? (count > 0 && !any ? 'asc' : undefined);
  const found: Found[] = [];
  if (centre === undefined || within === undefined) return found;
  for (const { name, score } of members) {
    const distance = score < 0 || score >= SCORES ? undefined : within(centre, decodePlace(score));
    if (distance === undefined) continue;
    found.push({ name, score, distance });
    if (any && found.length === count) break;
  }
  const sign = order === 'desc' ? -1 : 1;
  if (order !== undefined) found.sort((left, right) => sign * (left.distance - right.distance));
  return count === 0 ? found : found.slice(0, count);
}

function replyFound(ask: Ask, search: Search, found: readonly Found[]): void {
  const { reply } = ask;
  const { withDistance, withHash, withPlace, unit } = search;
  const options = [withDistance, withHash, withPlace].filter(Boolean).length;
  reply.array(found.length);
  for (const { name, score, distance } of found) {
    if (options > 0) reply.array(options + 1);
    reply.bulk(name);
    if (withDistance) replyDistance(ask, distance / unit);
    if (withHash) reply.integer(score);
    if (withPlace) replyPlace(ask, decodePlace(score));
  }
}

function storeFound(ask: Ask, { store, storesDistance, unit }: Search, found: readonly Found[]): void {
  const result = new SortedContent(ask.limits);
  for (const { name, score, distance } of found) result.set(name, storesDistance ? distance / unit : score);
  result.settle();
  ask.storeAt(store, result);
  ask.reply.integer(result.size);
}

function requestOf(
  ask: Ask,
  form: Form,
  storeArgument: number,
  mayStore: boolean,
  set: SortedContent | undefined,
): Search {
  const search: Search = {
    hasCentre: form !== 'search',
    unit: 1,
    count: 0,
    any: false,
    withDistance: false,
    withHash: false,
    withPlace: false,
    store: storeArgument,
    storesDistance: false,
  };
  let next = storeArgument > 0 ? 3 : 2;
  if (form === 'radius') {
    search.centre = placeAt(ask, 2);
    takeCircle(ask, search, 4);
    next = 6;
  } else if (form === 'member') {
    if (set !== undefined) {
      takeMember(ask, search, set, 2);
      takeCircle(ask, search, 3);
    }
    next = 5;
  }
  while (next < ask.count) next += takeOption(ask, search, form, next, mayStore, set);
  check(ask, search, form);
  return search;
}

function check(ask: Ask, search: Search, form: Form): void {
  // As it was written.
  const name = ask.text(0);
  if (search.store > 0 && (search.withDistance || search.withHash || search.withPlace)) {
    const what = form === 'search' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS';
    ask.refuse(`ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`);
  }
  if (form === 'search' && !search.hasCentre) {
    ask.refuse(`ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${name}`);
  }
  if (form === 'search' && search.shape === undefined) {
    ask.refuse(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${name}`);
  }
  if (search.any && search.count === 0) ask.refuse('ERR the ANY argument requires COUNT argument');
}

/** How many arguments the option at `index` takes. */
function takeOption(
  ask: Ask,
  search: Search,
  form: Form,
  index: number,
  mayStore: boolean,
  set: SortedContent | undefined,
): number {
  const left = ask.count - index - 1;
  const isSearch = form === 'search';
  const isStoring = ask.is(index, 'STORE') || ask.is(index, 'STOREDIST');
  if (ask.is(index, 'WITHDIST')) search.withDistance = true;
  else if (ask.is(index, 'WITHHASH')) search.withHash = true;
  else if (ask.is(index, 'WITHCOORD')) search.withPlace = true;
  else if (ask.is(index, 'ANY')) search.any = true;
  else if (ask.is(index, 'ASC')) search.order = 'asc';
  else if (ask.is(index, 'DESC')) search.order = 'desc';
  else if (isSearch && search.store > 0 && ask.is(index, 'STOREDIST')) search.storesDistance = true;
  else if (ask.is(index, 'COUNT') && left >= 1) {
    search.count = ask.integer(index + 1);
    if (search.count <= 0) ask.refuse('ERR COUNT must be > 0');
    return 2;
  } else if (!isSearch && mayStore && left >= 1 && isStoring) {
    search.store = index + 1;
    search.storesDistance = ask.is(index, 'STOREDIST');
    return 2;
  } else if (isSearch) return takeShape(ask, search, index, set);
  else throw syntaxError();
  return 1;
}

/** Where GEOSEARCH searches from, and how far. */
function takeShape(ask: Ask, search: Search, index: number, set: SortedContent | undefined): number {
  const left = ask.count - index - 1;
  if (ask.is(index, 'FROMMEMBER') && left >= 1 && search.from !== 'place') {
    if (set !== undefined) takeMember(ask, search, set, index + 1);
    search.from = 'member';
    search.hasCentre = true;
    return 2;
  }
  if (ask.is(index, 'FROMLONLAT') && left >= 2 && search.from !== 'member') {
    search.centre = placeAt(ask, index + 1);
    search.from = 'place';
    search.hasCentre = true;
    return 3;
  }
  if (ask.is(index, 'BYRADIUS') && left >= 2 && search.shape !== 'box') {
    takeCircle(ask, search, index + 1);
    return 3;
  }
  if (ask.is(index, 'BYBOX') && left >= 3 && search.shape !== 'circle') {
    takeBox(ask, search, index + 1);
    return 4;
  }
  throw syntaxError();
}

function takeMember(ask: Ask, search: Search, set: SortedContent, index: number): void {
  const score = set.scores.get(ask.text(index));
  if (score === undefined) ask.refuse('ERR could not decode requested zset member');
  search.centre = decodePlace(score);
}

function takeCircle(ask: Ask, search: Search, index: number): void {
  const radius = ask.float(index, 'ERR need numeric radius');
  if (radius < 0) ask.refuse('ERR radius cannot be negative');
  const unit = unitAt(ask, index + 1);
  search.unit = unit;
  search.shape = 'circle';
  search.within = (centre, place) => withinCircle(centre, radius * unit, place);
}

function takeBox(ask: Ask, search: Search, index: number): void {
  const width = ask.float(index, 'ERR need numeric width');
  const height = ask.float(index + 1, 'ERR need numeric height');
  if (width < 0 || height < 0) ask.refuse('ERR height or width cannot be negative');
  const unit = unitAt(ask, index + 2);
  search.unit = unit;
  search.shape = 'box';
  search.within = (centre, place) => withinBox(centre, width * unit, height * unit, place);
}

export const GEO_SEARCH_ANSWERS: readonly AnswerSpec[] = [
  write('georadius', -6, geosearch('radius', 0, true)),
  read('georadius_ro', -6, geosearch('radius', 0, false)),
  write('georadiusbymember', -5, geosearch('member', 0, true)),
  read('georadiusbymember_ro', -5, geosearch('member', 0, false)),
  read('geosearch', -7, geosearch('search', 0, false)),
  write('geosearchstore', -8, geosearch('search', 1, true), [1, 2, 1]),
];
