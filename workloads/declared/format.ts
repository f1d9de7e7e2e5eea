/** A workload as a JSON document declares it: `workload.schema.json` is the same as a JSON Schema. */
import { type Distribution, readDistribution } from './distribution.js';
import type { Place } from './place.js';

const TYPES = ['string', 'hash', 'list', 'set', 'zset', 'stream'] as const;
type DeclaredType = (typeof TYPES)[number];
const ORDERS = ['sequential', 'odd', 'random'] as const;
export type DeclaredOrder = (typeof ORDERS)[number];
const DOINGS = ['fill', 'overwrite', 'delete', 'expire', 'wait'] as const;

const MAX_KEYS = 50_000_000;
const MAX_BYTES = 500_000_000;
const MAX_ELEMENTS = 10_000_000;
const MAX_MS = 4_000_000_000;

export interface KeyGroup {
  readonly name: string;
  readonly type: DeclaredType;
  /** Contains `{i}` in the place of the key's number. */
  readonly pattern: string;
  readonly count: number;
  /** Bytes of a value, or of each element. */
  readonly size: Distribution;
  /** Not for strings. */
  readonly elements: Distribution;
  readonly ttlMs: Distribution | undefined;
}

interface OfKeys {
  readonly keys: readonly KeyGroup[];
  readonly order: DeclaredOrder;
  readonly share: number;
}

type DeclaredAction =
  | ({ readonly do: 'fill' } & OfKeys)
  | ({
      readonly do: 'overwrite';
      readonly size: Distribution | undefined;
      readonly times: number | undefined;
      readonly zipf: number | undefined;
    } & OfKeys)
  | ({ readonly do: 'delete' } & OfKeys)
  | ({ readonly do: 'expire'; readonly afterMs: Distribution } & OfKeys)
  | { readonly do: 'wait'; readonly ms: number };

export type DeclaredPhase = DeclaredAction & {
  readonly name: string;
  readonly isMark: boolean;
  /** Commands per second of virtual time; undefined if the clock stands still. */
  readonly perSecond: number | undefined;
};

export interface Declaration {
  readonly config: readonly (readonly [name: string, value: string])[];
  readonly keys: readonly KeyGroup[];
  readonly phases: readonly DeclaredPhase[];
}

/** The properties that do not depend on parameters. */
export interface Outline {
  readonly summary: string;
  readonly parameters: ReadonlyMap<string, number>;
  readonly phases: readonly { readonly name: string; readonly meaning: string }[];
}

const FIELDS = ['$schema', 'summary', 'parameters', 'config', 'keys', 'phases'] as const;

export function readOutline(root: Place): Outline {
  const field = root.object(FIELDS);
  const parameters = new Map<string, number>();
  if (!field('parameters').isMissing) {
    for (const [name, place] of field('parameters').entries()) {
      if (name === 'seed') throw place.refuse('every workload has a `seed`; choose another name');
      parameters.set(name, place.number(0, Number.MAX_SAFE_INTEGER, false));
    }
  }
  const names = new Set<string>();
  const phases = field('phases')
    .list()
    .map((place) => {
      const of = place.object(PHASE_FIELDS.all);
      const doing = of('do').oneOf(DOINGS);
      const name = of('name').text();
      if (names.has(name)) throw of('name').refuse(`there are two phases \`${name}\`; give one another name`);
      if (!/^[\w.-]+$/.test(name)) throw of('name').refuse('use letters, digits, `-`, `_` and `.`');
      names.add(name);
      const meaning = of('meaning').isMissing ? `${doing}` : of('meaning').text();
      return { name, meaning };
    });
  const summary = field('summary').isMissing ? '' : field('summary').text();
  return { summary, parameters, phases };
}

const COMMON = ['name', 'meaning', 'do', 'mark', 'perSecond'] as const;
const OF_KEYS = ['keys', 'order', 'share'] as const;
const PHASE_FIELDS = {
  fill: [...COMMON, ...OF_KEYS],
  overwrite: [...COMMON, ...OF_KEYS, 'size', 'times', 'zipf'],
  delete: [...COMMON, ...OF_KEYS],
  expire: [...COMMON, ...OF_KEYS, 'afterMs'],
  wait: ['name', 'meaning', 'do', 'mark', 'ms'],
  all: [...COMMON, ...OF_KEYS, 'size', 'times', 'zipf', 'afterMs', 'ms'],
} as const;

export function readDeclaration(root: Place): Declaration {
  const field = root.object(FIELDS);
  const keys = field('keys').entries().map(readKeys);
  return {
    config: field('config').isMissing ? [] : field('config').entries().map(readSetting),
    keys,
    phases: field('phases')
      .list()
      .map((place, index) => readPhase(place, keys, index === 0)),
  };
}

function readSetting([name, place]: [string, Place]): readonly [string, string] {
  return [
    name,
    typeof place.value === 'string' && !place.value.startsWith('$')
      ? place.text()
      : `${place.number(-1e15, 1e15)}`,
  ];
}

function readKeys([name, place]: [string, Place]): KeyGroup {
  const field = place.object(['type', 'pattern', 'count', 'size', 'elements', 'ttlMs']);
  const type = field('type').isMissing ? 'string' : field('type').oneOf(TYPES);
  const pattern = field('pattern').isMissing ? `${name}:{i}` : field('pattern').text();
  if (!pattern.includes('{i}')) {
    throw field('pattern').refuse(`\`${pattern}\` has no {i}; it is where the number of the key goes`);
  }
  if (type === 'string' && !field('elements').isMissing) {
    throw field('elements').refuse('a string has none; leave it out, or choose another `type`');
  }
  return {
    name,
    type,
    pattern,
    count: field('count').number(1, MAX_KEYS),
    size: readDistribution(field('size'), 0, MAX_BYTES),
    elements: type === 'string' ? ONE : readDistribution(field('elements'), 1, MAX_ELEMENTS),
    ttlMs: field('ttlMs').isMissing ? undefined : readDistribution(field('ttlMs'), 1, MAX_MS),
  };
}

const ONE: Distribution = { typical: 1, draws: () => () => 1 };

function readPhase(place: Place, groups: readonly KeyGroup[], isFirst: boolean): DeclaredPhase {
  const doing = place.object(PHASE_FIELDS.all)('do').oneOf(DOINGS);
  const field = place.object(PHASE_FIELDS[doing]);
  const common = {
    name: field('name').text(),
    isMark: field('mark').isMissing ? isFirst : field('mark').boolean(),
    perSecond: field('perSecond').isMissing ? undefined : field('perSecond').number(1, 10_000_000),
  };
  if (doing === 'wait') return { ...common, do: doing, ms: field('ms').number(1, MAX_MS) };
  const order = field('order').isMissing ? 'sequential' : field('order').oneOf(ORDERS);
  const share = field('share').isMissing ? (order === 'odd' ? 0.5 : 1) : field('share').number(0, 1, false);
  if (order === 'odd' && share !== 0.5) {
    throw field('share').refuse('with `order` odd it is every other key, so it can only be 0.5');
  }
  const keys = readGroups(field('keys'), groups);
  const ofKeys = { ...common, keys, order, share };
  switch (doing) {
    case 'expire':
      return { ...ofKeys, do: doing, afterMs: readDistribution(field('afterMs'), 1, MAX_MS) };
    case 'overwrite':
      return { ...ofKeys, do: doing, ...readOverwrite(field) };
    default:
      return { ...ofKeys, do: doing };
  }
}

function readOverwrite(field: (name: string) => Place) {
  const zipf = field('zipf').isMissing ? undefined : field('zipf').number(0, 10, false);
  if (zipf !== undefined && !(field('order').isMissing && field('share').isMissing)) {
    throw field('zipf').refuse(
      'it chooses the keys itself: leave out `order` and `share`, and say how many `times`',
    );
  }
  if (zipf !== undefined && field('times').isMissing) {
    throw field('times').refuse('with `zipf`, say how many keys are to be chosen');
  }
  if (zipf === undefined && !field('times').isMissing) {
    throw field('times').refuse('it goes with `zipf`; without, `share` says how many');
  }
  return {
    zipf,
    times: field('times').isMissing ? undefined : field('times').number(1, 1_000_000_000),
    size: field('size').isMissing ? undefined : readDistribution(field('size'), 0, MAX_BYTES),
  };
}

/** The name of a group of keys, or a list of such; all of them where it is left out. */
function readGroups(place: Place, groups: readonly KeyGroup[]): readonly KeyGroup[] {
  if (place.isMissing) return groups;
  const names = groups.map(({ name }) => name);
  const places = Array.isArray(place.value) ? place.list() : [place];
  return places.map((one) => {
    const name = one.oneOf(names);
    return groups.find((group) => group.name === name)!;
  });
}
