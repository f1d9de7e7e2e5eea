import { latin1Bytes, parseFloat64 } from '../../base/index.js';
import type { RdbModule, RdbValue, Slice } from '../../input/index.js';
import { type Keyspace, StringEncoding, Value, type ValueSlots } from '../keyspace/index.js';
import { loadHash } from './load-hashes.js';
import { loadList } from './load-lists.js';
import { loadSet } from './load-sets.js';
import { loadSortedSet } from './load-sorted-sets.js';
import { loadStream } from './load-streams.js';
import { loadString } from './load-strings.js';
import type { Loaded } from './loaded.js';
import type { LoadContext } from './loading-context.js';

/** Loads a value into the context's register (rdbLoadObject). Returns undefined for a container without elements. */
export function loadValue(
  context: LoadContext,
  models: ValueSlots,
  value: Exclude<RdbValue, RdbModule>,
): Value | undefined {
  if (value.kind === 'string') return loadString(context, value);
  const packed = context.packed?.load(context, value);
  if (packed !== undefined) return packed;
  const loaded = loadContainer(context, value);
  if (loaded === undefined || loaded instanceof Value) return loaded;
  const { model, object } = loaded;
  return context.value.set(model.type, object, models.add(model), 0);
}

/** Longest text of a number that INCRBYFLOAT accepts. */
const MAX_NUMBER_LENGTH = 40;

/** The characters with which a number may begin, as bytes: digits, signs, a point, "inf". */
const FIRST_OF_NUMBERS: ReadonlySet<number> = new Set(latin1Bytes('0123456789+-.iI'));

/** Keeps the text of a number with a fraction, because INCRBYFLOAT may read it. */
export function rememberText(keyspace: Keyspace, row: number, slice: Slice): void {
  if (slice.length > MAX_NUMBER_LENGTH || keyspace.encodingOf(row) !== StringEncoding.embedded) return;
  if (!FIRST_OF_NUMBERS.has(slice.bytes[slice.start]!)) return;
  const text = slice.asText();
  if (parseFloat64(text) !== undefined) keyspace.texts.set(row, text);
}

function loadContainer(
  context: LoadContext,
  value: Exclude<RdbValue, RdbModule | { readonly kind: 'string' }>,
): Loaded | Value | undefined {
  switch (value.kind) {
    case 'list':
      return loadList(context, value);
    case 'set':
      return loadSet(context, value);
    case 'zset':
      return loadSortedSet(context, value);
    case 'hash':
      return loadHash(context, value);
    case 'stream':
      return loadStream(context, value);
  }
}
