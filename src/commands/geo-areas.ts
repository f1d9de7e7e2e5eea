import { EARTH_RADIUS_M, encodeAt, LATITUDE_LIMIT, LONGITUDE_LIMIT, type Place } from './geohash.js';

/** Half of the width and height of a shape, and the radius of the circle around it, in metres. */
export interface Extent {
  readonly halfWidthM: number;
  readonly halfHeightM: number;
  readonly radiusM: number;
}

/** The scores of a cell: from `from` on, below `to`. */
export interface ScoreRange {
  readonly from: number;
  readonly to: number;
}

/** A cell of the grid that divides each side of the map `bits` times. */
interface Cell {
  readonly x: number;
  readonly y: number;
  readonly bits: number;
}

const MAX_BITS = 26;
/** Half of the equator in the Mercator projection. */
const MERCATOR_MAX_M = 20_037_726.37;

/** The cells around the middle one, in the order in which a server searches them (membersOfAllNeighbors). */
const AROUND = [
  [0, 0],
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
] as const;

/** Returns the ranges of scores that a server searches for places, in its order (geohashCalculateAreasByShapeWGS84). */
export function searchedRanges(centre: Place, extent: Extent): ScoreRange[] {
  const bounds = boundsOf(centre, extent);
  let bits = bitsFor(extent.radiusM, centre.latitude);
  let middle = cellOf(centre, bits);
  if (bits > 1 && !isCovered(middle, bounds)) {
    bits--;
    middle = cellOf(centre, bits);
  }
  const area = areaOf(middle);
  const isNeeded = ([dx, dy]: readonly [number, number]): boolean =>
    bits < 2 ||
    !(
      (dy < 0 && area.south < bounds.south) ||
      (dy > 0 && area.north > bounds.north) ||
      (dx < 0 && area.west < bounds.west) ||
      (dx > 0 && area.east > bounds.east)
    );
  const cells = AROUND.filter(isNeeded).map(([dx, dy]) => moved(middle, dx, dy));
  // Neighbours of very large cells are the same.
  const different = cells.filter(
    (cell, index) => index < 2 || cell.x !== cells[index - 1]!.x || cell.y !== cells[index - 1]!.y,
  );
  return different.map(rangeOf);
}

interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Returns the box around a shape (geohashBoundingBox). */
function boundsOf({ longitude, latitude }: Place, { halfWidthM, halfHeightM }: Extent): Bounds {
  const high = degrees(halfHeightM / EARTH_RADIUS_M);
  const nearPole = latitude < 0 ? latitude - high : latitude + high;
  const wide = degrees(halfWidthM / EARTH_RADIUS_M / Math.cos((nearPole * Math.PI) / 180));
  return { west: longitude - wide, south: latitude - high, east: longitude + wide, north: latitude + high };
}

/** Returns how fine the grid is for a radius (geohashEstimateStepsByRadius). */
function bitsFor(radiusM: number, latitude: number): number {
  if (radiusM === 0) return MAX_BITS;
  let bits = 1;
  for (let reach = radiusM; reach < MERCATOR_MAX_M; reach *= 2) bits++;
  // The middle cell and its neighbours cover the circle in most cases.
  bits -= 2;
  if (Math.abs(latitude) > 66) bits--;
  if (Math.abs(latitude) > 80) bits--;
  return Math.max(1, Math.min(MAX_BITS, bits));
}

/** Whether the cells around the middle one reach over the bounds. */
function isCovered(middle: Cell, bounds: Bounds): boolean {
  const north = areaOf(moved(middle, 0, 1));
  const south = areaOf(moved(middle, 0, -1));
  const east = areaOf(moved(middle, 1, 0));
  const west = areaOf(moved(middle, -1, 0));
  return !(
    north.north < bounds.north ||
    south.south > bounds.south ||
    east.east < bounds.east ||
    west.west > bounds.west
  );
}

function cellOf({ longitude, latitude }: Place, bits: number): Cell {
  const cells = 2 ** bits;
  const at = (value: number, limit: number) => Math.floor(((value + limit) / (2 * limit)) * cells);
  return { x: at(longitude, LONGITUDE_LIMIT), y: at(latitude, LATITUDE_LIMIT), bits };
}

/** Returns the cell beside another one. Beyond an edge of the map, it is the one at the opposite edge. */
function moved({ x, y, bits }: Cell, dx: number, dy: number): Cell {
  const cells = 2 ** bits;
  const wrapped = (value: number) => ((value % cells) + cells) % cells;
  return { x: dx === 0 ? x : wrapped(x + dx), y: dy === 0 ? y : wrapped(y + dy), bits };
}

function areaOf({ x, y, bits }: Cell): Bounds {
  const cells = 2 ** bits;
  const at = (index: number, limit: number) => -limit + (index / cells) * (2 * limit);
  return {
    west: at(x, LONGITUDE_LIMIT),
    south: at(y, LATITUDE_LIMIT),
    east: at(x + 1, LONGITUDE_LIMIT),
    north: at(y + 1, LATITUDE_LIMIT),
  };
}

function rangeOf({ x, y, bits }: Cell): ScoreRange {
  const size = 4 ** (MAX_BITS - bits);
  const from = encodeAt(x, y) * size;
  return { from, to: from + size };
}

function degrees(radians: number): number {
  return radians * (180 / Math.PI);
}
