import {
  decodePlace,
  distanceM,
  encodePlace,
  type Place,
  parseGeoadd,
  parseGeodist,
  placeAt,
  type ZaddRequest,
} from '../commands/index.js';
import type { CommandContext } from './command-context.js';
import { addScores } from './commands/sorted-sets.js';
import { syntaxError } from './reply-error.js';
import { parsed, type StoreHandlers } from './store-command.js';
import { type Member, SortedContent } from './values.js';

function geoadd(ask: CommandContext, request: ZaddRequest): void {
  const { first } = request;
  const members: Member[] = [];
  for (let index = first; index < ask.count; index += 3) {
    members.push({ score: encodePlace(ask.allowed(placeAt(ask, index))), name: ask.text(index + 2) });
  }
  if (members.length === 0) throw syntaxError();
  addScores(ask, request, members);
}

/** Writes a double as `%.17Lf` without the zeros at its end: all digits, rounded to the 17th after the point. */
function replyCoordinate({ reply }: CommandContext, degrees: number): void {
  const text = degrees.toFixed(17).replace(/\.?0+$/, '');
  reply.double(text === '-0' ? '0' : text);
}

export function replyPlace(ask: CommandContext, { longitude, latitude }: Place): void {
  ask.reply.array(2);
  replyCoordinate(ask, longitude);
  replyCoordinate(ask, latitude);
}

function geopos(ask: CommandContext): void {
  const set = ask.get(1, SortedContent);
  ask.reply.array(ask.count - 2);
  for (let index = 2; index < ask.count; index++) {
    const score = set?.scores.get(ask.text(index));
    if (score === undefined) ask.reply.nilArray();
    else replyPlace(ask, decodePlace(score));
  }
}

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz';
/** Letters of a geohash that 52 bits determine; the eleventh is always the same. */
const LETTERS = 10;
const CELLS = 2 ** 26;

function geohash(ask: CommandContext): void {
  const set = ask.get(1, SortedContent);
  ask.reply.array(ask.count - 2);
  for (let index = 2; index < ask.count; index++) {
    const score = set?.scores.get(ask.text(index));
    ask.reply.bulkOrNil(score === undefined ? undefined : hashText(decodePlace(score)));
  }
}

/** Returns the usual geohash, whose latitudes reach the poles. */
function hashText({ longitude, latitude }: Place): string {
  const x = Math.floor(((longitude + 180) / 360) * CELLS);
  const y = Math.floor(((latitude + 90) / 180) * CELLS);
  let bits = 0n;
  for (let bit = 25; bit >= 0; bit--) bits = (bits << 2n) | BigInt(((x >>> bit) & 1) * 2 + ((y >>> bit) & 1));
  let text = '';
  for (let at = 1; at <= LETTERS; at++) text += ALPHABET[Number((bits >> BigInt(52 - at * 5)) & 31n)];
  return `${text}0`;
}

function geodist(ask: CommandContext, unit: number): void {
  const set = ask.get(1, SortedContent);
  const [from, to] = [2, 3].map((index) => set?.scores.get(ask.text(index)));
  if (from === undefined || to === undefined) ask.reply.nil();
  else replyDistance(ask, distanceM(decodePlace(from), decodePlace(to)) / unit);
}

export function replyDistance({ reply }: CommandContext, distance: number): void {
  reply.bulk(distance.toFixed(4));
}

export const GEO_ANSWERS: StoreHandlers = {
  geoadd: parsed(parseGeoadd, geoadd),
  geopos,
  geohash,
  geodist: parsed(parseGeodist, geodist),
};
