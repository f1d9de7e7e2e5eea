import { firstIndexWhere, parseDouble, parseInteger64 } from '../../base/index.js';
import { NOT_A_FLOAT, NOT_AN_INTEGER, SYNTAX_ERROR } from '../error-texts.js';
import { type Extent, searchedRanges } from '../geo-areas.js';
import {
  decodePlace,
  LATITUDE_LIMIT,
  LONGITUDE_LIMIT,
  type Place,
  withinBox,
  withinCircle,
} from '../geohash.js';
import type { RequestWords } from '../request-words.js';

/** The form of a command, as GEORADIUS, GEORADIUSBYMEMBER or GEOSEARCH has it, and its options to store. */
export interface GeoForm {
  readonly kind: 'radius' | 'member' | 'search';
  /** The argument that names the key to store in, before the searched key; 0 if there is none. */
  readonly store: number;
  /** Whether STORE and STOREDIST are options. */
  readonly mayStore: boolean;
}

export interface GeoRequest {
  /** The centre of the search; undefined for FROMMEMBER of a missing key. */
  readonly centre: Place | undefined;
  readonly within: ((centre: Place, place: Place) => number | undefined) | undefined;
  /** The size of the shape; undefined for FROMMEMBER of a missing key. */
  readonly extent: Extent | undefined;
  /** The metres in the unit of distances. */
  readonly unit: number;
  /** The number of places; 0 for all. */
  readonly count: number;
  /** Whether any `count` places are enough, not the nearest. */
  readonly any: boolean;
  readonly order: 'asc' | 'desc' | undefined;
  readonly withDistance: boolean;
  readonly withHash: boolean;
  readonly withPlace: boolean;
  /** The argument that names the key to store in; 0 if there is none. */
  readonly store: number;
  readonly storesDistance: boolean;
}

/**
 * Returns the request or the error. `memberAt` returns the place of the member in argument `index`; it is undefined if
 * the key is missing.
 */
export function parseGeoSearch(
  words: RequestWords,
  form: GeoForm,
  memberAt: ((index: number) => Place | undefined) | undefined,
): GeoRequest | string {
  const reader = new Reader(words, form, memberAt);
  return reader.read() ?? reader;
}

/**
 * Yields the members of a sorted set that a search finds, in a server's order. `scoreAt` returns the score at a rank
 * of the set.
 */
export function* foundBy(
  search: GeoRequest,
  size: number,
  scoreAt: (index: number) => number,
): Generator<{ readonly index: number; readonly distance: number }, void> {
  const { centre, extent, any, count } = search;
  if (centre === undefined || extent === undefined) return;
  let found = 0;
  for (const { from, to } of searchedRanges(centre, extent)) {
    const first = firstIndexWhere(0, size, (at) => scoreAt(at) >= from);
    for (let index = first; index < size && scoreAt(index) < to; index++) {
      const distance = distanceOf(search, scoreAt(index));
      if (distance === undefined) continue;
      yield { index, distance };
      found++;
      if (any && found >= count) return;
    }
  }
}

/** Returns the distance of a score's place from the centre; undefined if it is too far, or no place. */
function distanceOf({ centre, within }: GeoRequest, score: number): number | undefined {
  const isPlace = score >= 0 && score < SCORES;
  return isPlace && centre !== undefined ? within?.(centre, decodePlace(score)) : undefined;
}

/** The limit of the scores of places, which are below it. */
const SCORES = 2 ** 52;

const UNITS: Readonly<Record<string, number>> = { m: 1, km: 1000, ft: 0.3048, mi: 1609.34 };

/** Returns the metres in the unit that argument `index` names, or the error. */
function unitAt(words: RequestWords, index: number): number | string {
  return UNITS[words.text(index).toLowerCase()] ?? 'ERR unsupported unit provided. please use M, KM, FT, MI';
}

/** Returns the place in argument `index` and the next one, or the error. */
export function placeAt(words: RequestWords, index: number): Place | string {
  const longitude = parseDouble(words.text(index));
  const latitude = parseDouble(words.text(index + 1));
  if (longitude === undefined || latitude === undefined) return NOT_A_FLOAT;
  if (Math.abs(longitude) > LONGITUDE_LIMIT || Math.abs(latitude) > LATITUDE_LIMIT) {
    return `ERR invalid longitude,latitude pair ${shown(longitude)},${shown(latitude)}`;
  }
  return { longitude, latitude };
}

/** Returns a number as `%f` of C prints it. */
function shown(degrees: number): string {
  if (!Number.isFinite(degrees)) return degrees < 0 ? '-inf' : 'inf';
  // From there on, doubles are integers, and toFixed has an exponent.
  if (Math.abs(degrees) >= 1e21) return `${BigInt(degrees)}.000000`;
  return `${Object.is(degrees, -0) ? '-' : ''}${degrees.toFixed(6)}`;
}

/** GEODIST key member member [unit]: returns the metres in the unit. */
export function parseGeodist(words: RequestWords): number | string {
  if (words.count > 5) return SYNTAX_ERROR;
  return words.count === 5 ? unitAt(words, 4) : 1;
}

/** Reads a request. Its methods return the error, or the number of arguments that they took. */
class Reader implements GeoRequest {
  centre: Place | undefined;
  within: GeoRequest['within'];
  extent: Extent | undefined;
  unit = 1;
  count = 0;
  any = false;
  order: GeoRequest['order'];
  withDistance = false;
  withHash = false;
  withPlace = false;
  store: number;
  storesDistance = false;
  #from: 'member' | 'place' | undefined;
  #shape: 'circle' | 'box' | undefined;
  readonly #words: RequestWords;
  readonly #form: GeoForm;
  readonly #memberAt: ((index: number) => Place | undefined) | undefined;

  constructor(
    words: RequestWords,
    form: GeoForm,
    memberAt: ((index: number) => Place | undefined) | undefined,
  ) {
    this.store = form.store;
    this.#words = words;
    this.#form = form;
    this.#memberAt = memberAt;
  }

  /** Returns the error, if there is one. */
  read(): string | undefined {
    const fixed = this.#form.kind === 'search' ? 0 : this.#fixed();
    if (typeof fixed === 'string') return fixed;
    for (let next = (this.#form.store > 0 ? 3 : 2) + fixed; next < this.#words.count; ) {
      const taken = this.#option(next);
      if (typeof taken === 'string') return taken;
      next += taken;
    }
    return this.#incomplete();
  }

  /**
   * Reads the fixed arguments of the older commands. If the key is missing, the member and its circle are not checked.
   */
  #fixed(): number | string {
    const [taken, circle] = this.#form.kind === 'radius' ? [this.#place(2), 4] : [this.#member(2), 3];
    if (typeof taken === 'string') return taken;
    const more = this.#form.kind === 'member' && this.#memberAt === undefined ? 2 : this.#circle(circle);
    return typeof more === 'string' ? more : taken + more;
  }

  #option(index: number): number | string {
    const words = this.#words;
    const { kind, mayStore } = this.#form;
    const left = words.count - index - 1;
    const isSearch = kind === 'search';
    if (words.is(index, 'WITHDIST')) this.withDistance = true;
    else if (words.is(index, 'WITHHASH')) this.withHash = true;
    else if (words.is(index, 'WITHCOORD')) this.withPlace = true;
    else if (words.is(index, 'ANY')) this.any = true;
    else if (words.is(index, 'ASC')) this.order = 'asc';
    else if (words.is(index, 'DESC')) this.order = 'desc';
    else if (isSearch && this.store > 0 && words.is(index, 'STOREDIST')) this.storesDistance = true;
    else if (words.is(index, 'COUNT') && left >= 1) return this.#count(index + 1);
    else if (isSearch) return this.#searchOption(index, left);
    else if (mayStore && left >= 1 && (words.is(index, 'STORE') || words.is(index, 'STOREDIST'))) {
      this.store = index + 1;
      this.storesDistance = words.is(index, 'STOREDIST');
      return 2;
    } else return SYNTAX_ERROR;
    return 1;
  }

  /** Reads the centre or the shape of GEOSEARCH. An option of the same kind may be repeated. */
  #searchOption(index: number, left: number): number | string {
    const words = this.#words;
    let taken: number | string = SYNTAX_ERROR;
    if (words.is(index, 'FROMMEMBER') && left >= 1 && this.#from !== 'place') taken = this.#member(index + 1);
    else if (words.is(index, 'FROMLONLAT') && left >= 2 && this.#from !== 'member')
      taken = this.#place(index + 1);
    else if (words.is(index, 'BYRADIUS') && left >= 2 && this.#shape !== 'box')
      taken = this.#circle(index + 1);
    else if (words.is(index, 'BYBOX') && left >= 3 && this.#shape !== 'circle') taken = this.#box(index + 1);
    return typeof taken === 'string' ? taken : taken + 1;
  }

  #count(index: number): number | string {
    const count = parseInteger64(this.#words.text(index));
    if (count === undefined) return NOT_AN_INTEGER;
    if (count <= 0n) return 'ERR COUNT must be > 0';
    this.count = Number(count);
    return 2;
  }

  #member(index: number): number | string {
    this.#from = 'member';
    this.centre = this.#memberAt?.(index);
    const isMissing = this.#memberAt !== undefined && this.centre === undefined;
    return isMissing ? 'ERR could not decode requested zset member' : 1;
  }

  #place(index: number): number | string {
    const place = placeAt(this.#words, index);
    if (typeof place === 'string') return place;
    this.#from = 'place';
    this.centre = place;
    return 2;
  }

  #circle(index: number): number | string {
    const radius = parseDouble(this.#words.text(index));
    if (radius === undefined) return 'ERR need numeric radius';
    if (radius < 0) return 'ERR radius cannot be negative';
    const unit = unitAt(this.#words, index + 1);
    if (typeof unit === 'string') return unit;
    this.unit = unit;
    this.#shape = 'circle';
    this.within = (centre, place) => withinCircle(centre, radius * unit, place);
    this.extent = { halfWidthM: radius * unit, halfHeightM: radius * unit, radiusM: radius * unit };
    return 2;
  }

  #box(index: number): number | string {
    const width = parseDouble(this.#words.text(index));
    if (width === undefined) return 'ERR need numeric width';
    const height = parseDouble(this.#words.text(index + 1));
    if (height === undefined) return 'ERR need numeric height';
    if (width < 0 || height < 0) return 'ERR height or width cannot be negative';
    const unit = unitAt(this.#words, index + 2);
    if (typeof unit === 'string') return unit;
    this.unit = unit;
    this.#shape = 'box';
    this.within = (centre, place) => withinBox(centre, width * unit, height * unit, place);
    const [halfWidthM, halfHeightM] = [(width / 2) * unit, (height / 2) * unit];
    // A server takes the radius of the box in its unit, and converts it.
    this.extent = {
      halfWidthM,
      halfHeightM,
      radiusM: Math.sqrt((width / 2) ** 2 + (height / 2) ** 2) * unit,
    };
    return 3;
  }

  /** Returns the error of options that are incompatible or missing. */
  #incomplete(): string | undefined {
    const isSearch = this.#form.kind === 'search';
    const name = this.#words.text(0);
    if (this.store > 0 && (this.withDistance || this.withHash || this.withPlace)) {
      const what = isSearch ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS';
      return `ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`;
    }
    if (isSearch && this.#from === undefined) {
      return `ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${name}`;
    }
    if (isSearch && this.#shape === undefined) {
      return `ERR exactly one of BYRADIUS and BYBOX can be specified for ${name}`;
    }
    if (this.any && this.count === 0) return 'ERR the ANY argument requires COUNT argument';
    // COUNT without ANY means the nearest places.
    if (this.count > 0 && !this.any) this.order ??= 'asc';
    return undefined;
  }
}
