import { append } from '../../base/index.js';
import {
  decodePlace,
  distanceM,
  encodePlace,
  type Place,
  parseGeoadd,
  parseGeodist,
  placeAt,
  type ZaddRequest,
} from '../../commands/index.js';
import { ContainerKind, embeddedStringBytes, sdsBytes } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import type { SortedSetValue } from '../values/index.js';
import { needleAt } from './container-call.js';
import { parsed } from './parsed.js';
import { addScores, sortedSetOf } from './sorted-sets.js';
import { newTemporaryString } from './string-objects.js';

/** The length of a geohash as text. */
const HASH_LENGTH = 11;

/** Returns the place of the member that argument `index` names. */
export function memberPlace(call: Call, set: SortedSetValue, index: number): Place | undefined {
  const score = set.score(needleAt(call, index));
  return score === undefined ? undefined : decodePlace(score);
}

/** GEOADD: rewrites the call as a ZADD with a score for each place, then runs it. */
function geoadd(call: Call, request: ZaddRequest): void {
  const { heap, args, version } = call;
  const { first } = request;
  const count = (call.count - first) / 3;
  const array = heap.calloc((first + count * 2) * version.sizes.pointer, ContainerKind.containerTemporary);
  const { embedsGeoScores, sharesNameOfZadd } = version.commands;
  const made: number[] = sharesNameOfZadd ? [] : [...rawString(call, 'zadd'.length)];
  const order: (number | readonly number[])[] = [[...made]];
  const scores: number[] = [];
  const kept: number[] = [];
  for (let index = 1; index < first; index++) kept.push(index);
  append(order, kept);
  for (let index = first; index < call.count; index += 3) {
    const place = placeAt(call, index);
    if (typeof place === 'string') {
      call.reply.error(place);
      for (const handle of made) heap.free(handle);
      heap.free(array);
      return;
    }
    const score = encodePlace(place);
    const text = embedsGeoScores
      ? newTemporaryString(call, `${score}`.length)
      : rawString(call, `${score}`.length);
    made.push(...text);
    scores.push(score);
    kept.push(index + 2);
    order.push(text, index + 2);
  }
  args.replace(array, kept, made, { slots: order.length, order });
  if (count === 0) call.reply.syntaxError();
  else addScores(call, request, scores, first + 2, 3);
}

/** Allocates a new sds and its object (createObject), and returns both in the order in which they are freed. */
function rawString({ heap, version }: Call, length: number): readonly [number, number] {
  const sds = heap.malloc(sdsBytes(heap.sds, length), ContainerKind.containerTemporary);
  return [sds, heap.malloc(version.sizes.object, ContainerKind.containerTemporary)];
}

/** Replies with a number of up to 17 decimals, through a temporary string object. */
function replyCoordinate(call: Call, degrees: number): void {
  const { length } = degrees.toFixed(17).replace(/\.?0+$/, '');
  const { heap, version } = call;
  const object = heap.malloc(
    embeddedStringBytes(version.sizes.embeddedObjectHead, length),
    ContainerKind.containerTemporary,
  );
  call.reply.bulk(length);
  heap.free(object);
}

export function replyPlace(call: Call, { longitude, latitude }: Place): void {
  call.reply.array(2);
  replyCoordinate(call, longitude);
  replyCoordinate(call, latitude);
}

/** GEOPOS and GEOHASH: reply with one part for each member named. */
function forEachMember(say: (call: Call, place: Place) => void, isNilArray: boolean): (call: Call) => void {
  return (call) => {
    const row = call.lookupRead(1);
    const set = row === 0 ? undefined : sortedSetOf(call, row, () => {});
    if (row !== 0 && set === undefined) return;
    call.reply.array(call.count - 2);
    for (let index = 2; index < call.count; index++) {
      const place = set === undefined ? undefined : memberPlace(call, set, index);
      if (place !== undefined) say(call, place);
      else if (isNilArray) call.reply.nilArray();
      else call.reply.nil();
    }
  };
}

/** GEODIST key member member [unit] */
function geodist(call: Call, unit: number): void {
  const set = sortedSetOf(call, call.lookupRead(1), () => call.reply.nil());
  if (set === undefined) return;
  const from = memberPlace(call, set, 2);
  const to = memberPlace(call, set, 3);
  if (from === undefined || to === undefined) call.reply.nil();
  else replyDistance(call, distanceM(from, to) / unit);
}

export function replyDistance(call: Call, distance: number): void {
  call.reply.bulk(distance.toFixed(4).length);
}

export const GEO_COMMANDS: Handlers = {
  geoadd: parsed(parseGeoadd, geoadd),
  geopos: forEachMember(replyPlace, true),
  geohash: forEachMember((call) => call.reply.bulk(HASH_LENGTH), false),
  geodist: parsed(parseGeodist, geodist),
};
