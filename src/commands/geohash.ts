/*
 * Places as scores of a sorted set, and distances on a sphere. A score has 52 bits: 26 of the longitude and 26 of the
 * latitude, interleaved. Constants and formulas are the server's (geohash.h, geohash_helper.c), because results depend
 * on their last digit.
 */

export interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

const BITS = 26;
const CELLS = 2 ** BITS;
export const LONGITUDE_LIMIT = 180;
/** The limit of the Mercator projection. */
export const LATITUDE_LIMIT = 85.05112878;
export const EARTH_RADIUS_M = 6372797.560856;

/** Returns the score of a place. */
export function encodePlace({ longitude, latitude }: Place): number {
  return encodeAt(cell(longitude, LONGITUDE_LIMIT), cell(latitude, LATITUDE_LIMIT));
}

/** Returns the interleaved bits of the position of a cell. */
export function encodeAt(x: number, y: number): number {
  let score = 0;
  // A cell at the end of a range has one more bit.
  for (let bit = BITS; bit >= 0; bit--) score = score * 4 + ((x >>> bit) & 1) * 2 + ((y >>> bit) & 1);
  return score;
}

/** Returns the centre of the cell that a score stands for. It accepts any score, because any sorted set has some. */
export function decodePlace(score: number): Place {
  let x = 0;
  let y = 0;
  let rest = bitsOf(score);
  for (let bit = 0; rest > 0n; bit++, rest >>= 2n) {
    y += Number(rest & 1n) * 2 ** bit;
    x += Number((rest >> 1n) & 1n) * 2 ** bit;
  }
  return { longitude: centre(x, LONGITUDE_LIMIT), latitude: centre(y, LATITUDE_LIMIT) };
}

/** Converts a double to 64 unsigned bits as x86-64 does: out of range, it is 0 above and the highest bit below. */
function bitsOf(score: number): bigint {
  if (score >= 2 ** 64) return 0n;
  if (score < -(2 ** 63)) return 1n << 63n;
  return BigInt.asUintN(64, BigInt(Math.trunc(score)));
}

/** Returns the metres along the great circle (haversine). */
export function distanceM(from: Place, to: Place): number {
  const v = Math.sin((radians(to.longitude) - radians(from.longitude)) / 2);
  if (v === 0) return latitudeDistanceM(from, to);
  const latitude = radians(from.latitude);
  const otherLatitude = radians(to.latitude);
  const u = Math.sin((otherLatitude - latitude) / 2);
  return (
    2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(u * u + Math.cos(latitude) * Math.cos(otherLatitude) * v * v))
  );
}

function latitudeDistanceM(from: Place, to: Place): number {
  return EARTH_RADIUS_M * Math.abs(radians(to.latitude) - radians(from.latitude));
}

/** Returns the distance of a place from the centre; undefined if it is outside of the circle. */
export function withinCircle(centre: Place, radiusM: number, place: Place): number | undefined {
  const distance = distanceM(centre, place);
  return distance > radiusM ? undefined : distance;
}

/** Returns the distance of a place from the centre; undefined if it is outside of a box along the meridians. */
export function withinBox(centre: Place, widthM: number, heightM: number, place: Place): number | undefined {
  if (latitudeDistanceM(centre, place) > heightM / 2) return undefined;
  const sideways = distanceM(place, { longitude: centre.longitude, latitude: place.latitude });
  return sideways > widthM / 2 ? undefined : distanceM(centre, place);
}

function cell(degrees: number, limit: number): number {
  return Math.floor(((degrees + limit) / (2 * limit)) * CELLS);
}

function centre(index: number, limit: number): number {
  const low = -limit + (index / CELLS) * (2 * limit);
  const high = -limit + ((index + 1) / CELLS) * (2 * limit);
  return Math.max(-limit, Math.min(limit, (low + high) / 2));
}

function radians(degrees: number): number {
  return degrees * (Math.PI / 180);
}
