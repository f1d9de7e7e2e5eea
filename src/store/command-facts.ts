import { type CommandInfo, isIn, type Release, type Since } from '../commands/index.js';
import { CATEGORIES, type FactRow, KEY_SPECS, type KeySpecRow, TIPS } from './command-fact-table.js';

/** The categories of access control, in the order in which COMMAND and ACL CAT name them. */
export const CATEGORY_NAMES = (
  'keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub admin fast slow ' +
  'blocking dangerous connection transaction scripting'
).split(' ');

/** The rows by the name of a command. */
class Rows<Row extends Pick<FactRow, 'commands' | 'since' | 'until'>> {
  readonly #byCommand = new Map<string, Row[]>();

  constructor(rows: readonly Row[]) {
    for (const row of rows) {
      for (const name of row.commands.split(' ')) {
        const known = this.#byCommand.get(name);
        if (known === undefined) this.#byCommand.set(name, [row]);
        else known.push(row);
      }
    }
  }

  of(name: string, release: Release): Row[] {
    const rows = this.#byCommand.get(name) ?? [];
    return rows.filter(
      ({ since, until }) =>
        (since === undefined || isIn(release, since)) && (until === undefined || !isIn(release, until)),
    );
  }
}

const SPECS = new Rows<KeySpecRow>(KEY_SPECS);
const TIPS_OF = new Rows<FactRow>(TIPS);
const CATEGORIES_OF = new Rows<FactRow>(CATEGORIES);

export function keySpecsOf({ name }: CommandInfo, release: Release): readonly KeySpecRow[] {
  return SPECS.of(name, release);
}

export function tipsOf({ name }: CommandInfo, release: Release): readonly string[] {
  return TIPS_OF.of(name, release).flatMap(({ fact }) => fact.split(' '));
}

/** Returns a command's categories of access control, those that follow from its flags included. */
export function categoriesOf({ name, flags }: CommandInfo, release: Release): readonly string[] {
  const found = new Set(CATEGORIES_OF.of(name, release).map(({ fact }) => fact));
  if (flags.has('readonly') && !found.has('scripting')) found.add('read');
  if (flags.has('admin')) found.add('admin').add('dangerous');
  for (const flag of ['write', 'pubsub', 'blocking'] as const) if (flags.has(flag)) found.add(flag);
  found.add(flags.has('fast') ? 'fast' : 'slow');
  return CATEGORY_NAMES.filter((category) => found.has(category));
}

/** Returns the flags of the keys of a request, by the place of each key that a specification finds. */
export function flagsOfKeys(
  info: CommandInfo,
  args: readonly string[],
  release: Release,
): ReadonlyMap<number, string> {
  const flags = new Map<number, string>();
  for (const spec of keySpecsOf(info, release)) {
    for (const place of placesOf(spec, args)) flags.set(place, flagsIn(info, spec, args));
  }
  return flags;
}

/** The first and the last argument of keys. */
type KeyRange = readonly [first: number, last: number];

/** Commands that change a key and yet look it up to read it. Their specifications do not say so. */
const READ_FIRST: readonly { readonly commands: string; readonly since?: Since }[] = [
  { commands: 'getex getset getdel xack xclaim xautoclaim xackdel' },
  { commands: 'hgetex', since: { valkey: '9.0' } },
];

/** Returns the arguments whose keys a server looks up to read them. A missing one is a miss. */
export function keysReadBy(info: CommandInfo, release: Release): readonly KeyRange[] {
  const { name, flags, subcommands } = info;
  if (flags.has('readonly')) return [[1, Number.POSITIVE_INFINITY]];
  const ofParts = [...(subcommands?.values() ?? [])].flatMap((part) => readBySpecs(part, release));
  const isReadFirst = READ_FIRST.some(
    ({ commands, since }) =>
      commands.split(' ').includes(name) && (since === undefined || isIn(release, since)),
  );
  return [...readBySpecs(info, release), ...ofParts, ...(isReadFirst ? [[1, 1] as const] : [])];
}

function readBySpecs(info: CommandInfo, release: Release): KeyRange[] {
  return keySpecsOf(info, release).flatMap(({ flags, begin, find }): KeyRange[] => {
    if (!flags.startsWith('RO') || begin === 'unknown' || find === undefined) return [];
    const first = typeof begin === 'number' ? begin : begin[1];
    return [[first, find[0] === 'range' && find[1] === 0 ? first : Number.POSITIVE_INFINITY]];
  });
}

function placesOf({ begin, find }: KeySpecRow, args: readonly string[]): number[] {
  const first = beginning(begin, args);
  if (first === undefined || find === undefined) return [];
  const [kind, one, two, three] = find;
  if (kind === 'keynum') {
    const count = Number(args[first + one]);
    return Array.from({ length: count }, (_, at) => first + two + at * three);
  }
  const end = one >= 0 ? first + one : args.length + one;
  // A limit of two shares what follows between keys and other words.
  const last = three > 1 ? first + Math.floor((end - first + 1) / three) - 1 : end;
  const places: number[] = [];
  for (let place = first; place <= last; place += two) places.push(place);
  return places;
}

function beginning(begin: KeySpecRow['begin'], args: readonly string[]): number | undefined {
  if (begin === 'unknown' || typeof begin === 'number') return begin === 'unknown' ? undefined : begin;
  const [word, from] = begin;
  const at = args.findIndex((arg, index) => index >= from && arg.toUpperCase() === word);
  return at < 0 ? undefined : at + 1;
}

/** Returns the flags of a specification for one request, whose options may say that it only reads or also reads. */
function flagsIn({ name }: CommandInfo, { flags }: KeySpecRow, args: readonly string[]): string {
  const words = args.map((arg) => arg.toUpperCase());
  if (name === 'set') return words.includes('GET', 3) ? 'RW access update' : 'OW update';
  if (name === 'bitfield' && !words.some((word) => word === 'SET' || word === 'INCRBY')) return 'RO access';
  return flags.replace(/ (?:variable_flags|incomplete)/g, '');
}
