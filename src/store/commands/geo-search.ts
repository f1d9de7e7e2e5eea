import {
  decodePlace,
  foundBy,
  type GeoForm,
  type GeoRequest,
  type Place,
  parseGeoSearch,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { replyDistance, replyPlace } from '../geo-places.js';
import type { StoreHandlers } from '../store-command.js';
import { type Member, SortedContent } from '../values.js';

interface Found extends Member {
  readonly distance: number;
}

/** Carries out GEORADIUS, GEORADIUSBYMEMBER, GEOSEARCH and their STORE forms. */
function geosearch(kind: GeoForm['kind'], store: number, mayStore: boolean) {
  const form: GeoForm = { kind, store, mayStore };
  return (ask: CommandContext): void => {
    const set = ask.get(store > 0 ? 2 : 1, SortedContent);
    const memberAt = set && ((index: number) => placeOf(set.scores.get(ask.text(index))));
    const request = ask.allowed(parseGeoSearch(ask, form, memberAt));
    const found = set === undefined ? [] : foundIn(set, request);
    if (request.store > 0) storeFound(ask, request, found);
    else replyFound(ask, request, found);
  };
}

function placeOf(score: number | undefined): Place | undefined {
  return score === undefined ? undefined : decodePlace(score);
}

function foundIn({ order: members }: SortedContent, search: GeoRequest): Found[] {
  const { count, order } = search;
  const found: Found[] = [];
  for (const { index, distance } of foundBy(search, members.size, (at) => members.at(at)!.score)) {
    found.push({ ...members.at(index)!, distance });
  }
  const sign = order === 'desc' ? -1 : 1;
  if (order !== undefined) found.sort((left, right) => sign * (left.distance - right.distance));
  return count === 0 ? found : found.slice(0, count);
}

function replyFound(ask: CommandContext, search: GeoRequest, found: readonly Found[]): void {
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

function storeFound(
  ask: CommandContext,
  { store, storesDistance, unit }: GeoRequest,
  found: readonly Found[],
): void {
  const result = new SortedContent(ask.limits);
  for (const { name, score, distance } of found) result.set(name, storesDistance ? distance / unit : score);
  result.settle();
  ask.storeAt(store, result, ask.name === 'geosearchstore' ? 'geosearchstore' : 'georadiusstore');
  ask.reply.integer(result.size);
}

export const GEO_SEARCH_ANSWERS: StoreHandlers = {
  georadius: geosearch('radius', 0, true),
  georadius_ro: geosearch('radius', 0, false),
  georadiusbymember: geosearch('member', 0, true),
  georadiusbymember_ro: geosearch('member', 0, false),
  geosearch: geosearch('search', 0, false),
  geosearchstore: geosearch('search', 1, true),
};
