import { visible } from '../base/index.js';
import type { InputEvent } from '../input/index.js';
import { SERVERS } from '../model/index.js';

/** The server that saved a file, as the file names it. */
export interface NamedServer {
  readonly product: 'redis' | 'valkey';
  readonly release: string;
  /** The model that stands for it. */
  readonly model: string;
  /** Whether the model is of that release, of the nearest before it, or of the oldest that there is. */
  readonly match: 'same' | 'nearest' | 'oldest';
}

/** The metadata of RDB files that name a product. */
const PRODUCTS: ReadonlyMap<string, NamedServer['product']> = new Map([
  ['valkey-ver', 'valkey'],
  ['redis-ver', 'redis'],
]);

/** Returns the server that the metadata of an RDB file or of a preamble names; undefined if there is none. */
export function serverNamedBy(events: Iterable<InputEvent>): NamedServer | undefined {
  for (const event of events) {
    if (event.kind !== 'rdb-aux') continue;
    const product = PRODUCTS.get(event.name);
    const named = product === undefined ? undefined : modelFor(product, event.value);
    if (named !== undefined) return named;
  }
  return undefined;
}

/** Returns the nearest model at or below a release, or the oldest of its family. */
function modelFor(product: NamedServer['product'], release: string): NamedServer | undefined {
  const wanted = orderOf(release);
  if (wanted === undefined) return undefined;
  const family = SERVERS.filter(({ name }) => name.startsWith(`${product}-`))
    .map(({ name }) => ({ name, order: orderOf(name.slice(product.length + 1)) ?? 0 }))
    .sort((left, right) => left.order - right.order);
  const below = family.filter(({ order }) => order <= wanted).at(-1);
  const model = (below ?? family[0])!;
  const match = below === undefined ? 'oldest' : below.order === wanted ? 'same' : 'nearest';
  return { product, release: visible(release), model: model.name, match };
}

/** Returns a number by which releases are in order; undefined for a text that is no release. */
function orderOf(release: string): number | undefined {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})(?:[.-]|$)/.exec(release) ?? [];
  return major === undefined ? undefined : Number(major) * 1000 + Number(minor);
}

const REASONS: Readonly<Record<NamedServer['match'], string>> = {
  same: '',
  nearest: ', the nearest model at or below it',
  oldest: ', the oldest model there is',
};

/** Returns a note on the server that was chosen for a file that a server loads, and why. */
export function serverNote(path: string, named: NamedServer | undefined, chosen: string): string {
  return `${path}: ${choiceText(named, chosen)}`;
}

/** Returns the same as a sentence. */
export function serverSentence(named: NamedServer | undefined, chosen: string): string {
  const text = choiceText(named, chosen);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function choiceText(named: NamedServer | undefined, chosen: string): string {
  if (named === undefined) {
    return `it names no server version: modelled as ${chosen}; --server chooses another`;
  }
  const { product, release, model, match } = named;
  const saved = `saved by ${product} ${release}, and modelled as ${chosen}`;
  return chosen === model
    ? `${saved}${REASONS[match]}`
    : `${saved}, as the option says; ${model} is the model that stands for it`;
}
