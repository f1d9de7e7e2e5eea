import { append } from '../base/index.js';
import type { CommandInfo } from './command-info.js';
import type { RequestWords } from './request-words.js';

/** Returns the places of the keys in a request whose number of words fits. */
export function keyPlaces(
  { keys: [first, last, step], movable }: CommandInfo,
  words: RequestWords,
): number[] {
  const places: number[] = [];
  const end = last < 0 ? words.count + last : Math.min(last, words.count - 1);
  for (let at = first; first > 0 && at <= end; at += step) places.push(at);
  if (movable?.countAt !== undefined) {
    const count = words.integer(movable.countAt) ?? 0;
    const after = movable.countAt + 1;
    for (let at = after; at < Math.min(after + count, words.count); at++) places.push(at);
  }
  for (const word of movable?.words ?? []) append(places, placesAfter(word, words));
  return places;
}

/** Returns the place of an option: the last one of those that may be repeated, or the end. */
function placeOf(word: string, words: RequestWords): number {
  let found = words.count;
  for (let at = 1; at < words.count; at++) {
    if (!words.is(at, word)) continue;
    found = at;
    if (word === 'STREAMS' || word === 'KEYS') break;
  }
  return found;
}

/** Returns the places of the keys after an option: one key, half of the rest, or all of it. */
function placesAfter(word: string, words: RequestWords): number[] {
  // The words after BY and GET are patterns, which a cluster takes or refuses for itself.
  if (word === 'BY' || word === 'GET') return [];
  const at = placeOf(word, words);
  const rest = words.count - at - 1;
  const counts: Readonly<Record<string, number>> = { STREAMS: Math.floor(rest / 2), KEYS: rest };
  const count = Math.min(rest, counts[word] ?? 1);
  return Array.from({ length: Math.max(0, count) }, (_, index) => at + 1 + index);
}
