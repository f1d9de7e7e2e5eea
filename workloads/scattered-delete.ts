import {
  COMMANDS,
  CommandWriter,
  embeddedStringBytes,
  Owner,
  RedisServer,
  sdsBytes,
} from '../src/redis/index.js';
import { InputError, OpWriter, Random } from '../src/trace/index.js';
import { choice, integer, share } from './parameter.js';
import { defineWorkload } from './workload.js';

const ORDERS = ['odd', 'random', 'sequential'] as const;
type Order = (typeof ORDERS)[number];

const POPULATED = 0;
const DELETED = 1;

/** The drainability article's experiment: fill a server with equal keys, delete half of them, count the slabs that come back. */
export const scatteredDelete = defineWorkload({
  name: 'scattered-delete',
  summary: 'DEBUG POPULATE equal string keys, then DEL some of them, one command each',
  source: 'Instrumenting Redis for Structural Leak Detection: A jemalloc Deep Dive (2026), test 2',
  shows:
    'with the defaults real servers hold about 26,000 slabs, 25,000 of them in class 1024, give none back after half ' +
    'the keys are gone, and show a fragmentation ratio of about 2',
  parameters: {
    keys: integer(100_000, 1, 50_000_000, 'keys to populate'),
    valueBytes: integer(1000, 0, 536_870_912, 'length of each value; 0: the text value:<index>'),
    order: choice(ORDERS, 'odd', 'which keys go: every other one, a random subset, or the first ones'),
    drop: share(0.5, 'share of the keys to delete; with order=odd it can only be 0.5'),
    seed: integer(1, 0, 4_294_967_295, 'seed of the random subset and its order'),
  },
  phases: [
    { name: 'populated', meaning: 'all keys are there; the slabs open now are the cohort' },
    { name: 'deleted', meaning: 'the dropped keys are gone' },
  ],

  check({ order, drop }) {
    if (order === 'odd' && drop !== 0.5) {
      throw new InputError(
        `--set drop=${drop}: order=odd deletes every other key, so drop must be 0.5; use order=random`,
      );
    }
  },

  contents({ keys, valueBytes }, { object, dictEntry, embeddedStringLimit }) {
    const lastDigits = `${keys - 1}`.length;
    const valueLength = valueBytes === 0 ? 'value:'.length + lastDigits : valueBytes;
    const value =
      valueLength <= embeddedStringLimit
        ? [{ owner: Owner.valueObject, bytes: embeddedStringBytes(object, valueLength) }]
        : [
            { owner: Owner.valueString, bytes: sdsBytes(valueLength) },
            { owner: Owner.valueObject, bytes: object },
          ];
    return [
      ...value,
      { owner: Owner.dictEntry, bytes: dictEntry },
      { owner: Owner.keyName, bytes: sdsBytes('key:'.length + lastDigits) },
    ];
  },

  estimateOperations({ keys, drop }) {
    // What a server allocates before its first client is about 14,200 operations.
    return 14_200 + keys * 6 + Math.round(keys * drop) * 10;
  },

  *operations({ keys, valueBytes, order, drop, seed }, { server: version, build, log, prepare }) {
    const writer = new OpWriter();
    const { sizeClasses } = build;
    const server = new RedisServer(writer, { version, sizeClasses, commands: COMMANDS, log });
    const words = new CommandWriter();
    prepare?.(server, writer);
    server.execute(words.words('DEBUG', 'POPULATE', `${keys}`, 'key', `${valueBytes}`));
    yield* server.finish();
    writer.mark();
    writer.sweep(POPULATED);
    for (const index of keysToDelete(order, keys, drop, seed)) {
      server.execute(words.words('DEL', `key:${index}`));
      if (writer.full) yield* writer.takeFull();
    }
    writer.sweep(DELETED);
    yield* writer.takeAll();
  },
});

/** The keys to delete by number, in the order of their deletion. */
function keysToDelete(order: Order, keys: number, drop: number, seed: number): Uint32Array {
  const isOdd = order === 'odd';
  const rows = new Uint32Array(isOdd ? keys >>> 1 : keys);
  for (let index = 0; index < rows.length; index++) rows[index] = isOdd ? 2 * index + 1 : index;
  const count = isOdd ? rows.length : Math.round(keys * drop);
  if (order === 'random') shuffleFirst(rows, count, new Random(seed));
  return rows.subarray(0, count);
}

/** Fisher-Yates as far as `count`: those rows are then a uniform sample in uniform order. */
function shuffleFirst(rows: Uint32Array, count: number, random: Random): void {
  for (let index = 0; index < count; index++) {
    const other = index + random.below(rows.length - index);
    const row = rows[index] as number;
    rows[index] = rows[other] as number;
    rows[other] = row;
  }
}
