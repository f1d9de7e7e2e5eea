/** Fragmented states of about 50 MB: what is stored, and what of it is removed before active defragmentation runs. */
import { Random } from '#slablab/src/base/index.js';
import { between, shuffled, text, textBetween } from '../streams/words.js';
import type { FidelityStream, Step } from '../streams.js';

/** A state, and settings of active defragmentation beside those of all states. */
export interface FragmentedState extends FidelityStream {
  readonly settings?: readonly (readonly [name: string, value: string])[];
}

const scatteredStrings: FidelityStream = {
  name: 'scattered-strings',
  summary: '50,000 strings of 1,000 bytes, of which 60% are deleted in random order',
  *steps(): Generator<Step> {
    const random = new Random(901);
    const keys = 50_000;
    for (let key = 0; key < keys; key++) yield ['SET', `key:${key}`, text(1000, key)];
    for (const key of shuffled(random, keys).slice(0, keys * 0.6)) yield ['DEL', `key:${key}`];
  },
};

const smallStrings: FidelityStream = {
  name: 'small-strings',
  summary: '250,000 strings of 20 to 200 bytes, of which 70% are deleted in random order',
  *steps(): Generator<Step> {
    const random = new Random(902);
    const keys = 250_000;
    for (let key = 0; key < keys; key++) yield ['SET', `item:${key}`, textBetween(random, 20, 200)];
    for (const key of shuffled(random, keys).slice(0, keys * 0.7)) yield ['DEL', `item:${key}`];
  },
};

const sessionChurn: FidelityStream = {
  name: 'session-churn',
  summary:
    '100,000 sessions of 300 to 1,200 bytes, of which the older ones end, with longer and longer ones after them',
  *steps(): Generator<Step> {
    const random = new Random(903);
    const open: number[] = [];
    const at = (session: number) => 300 + Math.floor(session / 200);
    for (let session = 0; session < 100_000; session++) {
      yield ['SET', `session:${session}`, textBetween(random, at(session), at(session) + 400), 'EX', '86400'];
      open.push(session);
      if (open.length < 50_000) continue;
      const ended = random.below(open.length);
      yield ['DEL', `session:${open[ended]}`];
      open[ended] = open.at(-1)!;
      open.pop();
    }
    for (let ended = 0; ended < 25_000; ended++) yield ['DEL', `session:${open[ended]}`];
  },
};

const queueLists: FidelityStream = {
  name: 'queue-lists',
  summary:
    '30,000 queues to which 300,000 entries of 60 to 200 bytes are added at random; 60% of the queues are then read to ' +
    'their end, and the others to a random rest',
  *steps(): Generator<Step> {
    const random = new Random(904);
    const queues = 30_000;
    const lengths = new Array<number>(queues).fill(0);
    for (let entry = 0; entry < 300_000; entry++) {
      const queue = random.below(queues);
      yield ['RPUSH', `queue:${queue}`, textBetween(random, 60, 200)];
      lengths[queue]!++;
    }
    for (const [turn, queue] of shuffled(random, queues).entries()) {
      const length = lengths[queue]!;
      if (length === 0) continue;
      const read = turn < queues * 0.6 ? length : between(random, 0, length - 1);
      if (read > 0) yield ['LPOP', `queue:${queue}`, `${read}`];
    }
  },
};

const largeHashes: FidelityStream = {
  name: 'large-hashes',
  summary:
    '200 hashes of 1,500 fields of 40 to 160 bytes, made field by field in turn, of which 60% are deleted at random',
  *steps(): Generator<Step> {
    const random = new Random(905);
    const hashes = 200;
    const fields = 1500;
    for (let field = 0; field < fields; field++) {
      for (let hash = 0; hash < hashes; hash++) {
        yield ['HSET', `hash:${hash}`, `field:${field}`, textBetween(random, 40, 160)];
      }
    }
    const all = hashes * fields;
    for (const one of shuffled(random, all).slice(0, all * 0.6)) {
      yield ['HDEL', `hash:${one % hashes}`, `field:${Math.floor(one / hashes)}`];
    }
  },
};

const sortedSets: FidelityStream = {
  name: 'sorted-sets',
  summary: '200 sorted sets of 1,500 members of 30 to 90 bytes, of which 60% are removed at random',
  *steps(): Generator<Step> {
    const random = new Random(906);
    const sets = 200;
    const members = 1500;
    const name = (one: number) => `member:${one}:`.padEnd(30 + (one % 61), 'm');
    for (let member = 0; member < members; member++) {
      for (let set = 0; set < sets; set++) {
        yield ['ZADD', `board:${set}`, `${random.below(1_000_000)}`, name(member * sets + set)];
      }
    }
    const all = sets * members;
    for (const one of shuffled(random, all).slice(0, all * 0.6))
      yield ['ZREM', `board:${one % sets}`, name(one)];
  },
};

const sets: FidelityStream = {
  name: 'sets',
  summary: '500 sets of 1,000 members of 20 to 80 bytes, of which 65% are removed at random',
  *steps(): Generator<Step> {
    const random = new Random(907);
    const count = 500;
    const members = 1000;
    const name = (one: number) => `member:${one}:`.padEnd(20 + (one % 61), 'm');
    for (let one = 0; one < count * members; one++) yield ['SADD', `set:${one % count}`, name(one)];
    const all = count * members;
    for (const one of shuffled(random, all).slice(0, all * 0.65))
      yield ['SREM', `set:${one % count}`, name(one)];
  },
};

/** States in which most is in listpacks, whose sizes change as they are edited. */
const smallHashes: FidelityStream = {
  name: 'small-hashes',
  summary: '40,000 hashes of 5 to 40 short fields in listpacks, of which 60% are deleted in random order',
  *steps(): Generator<Step> {
    const random = new Random(908);
    const hashes = 40_000;
    for (let hash = 0; hash < hashes; hash++) {
      const fields = between(random, 5, 40);
      const pairs = Array.from({ length: fields }, (_, field) => [
        `field:${field}`,
        textBetween(random, 10, 50),
      ]);
      yield ['HSET', `user:${hash}`, ...pairs.flat()];
    }
    for (const hash of shuffled(random, hashes).slice(0, hashes * 0.6)) yield ['DEL', `user:${hash}`];
  },
};

/** What lies embedded in the objects of its keys, in several databases, with times. */
const shortStrings: FidelityStream = {
  name: 'short-strings',
  summary:
    '240,000 strings of 5 to 40 bytes in three databases, a half of them with an expiry, of which 70% are deleted at random',
  *steps(): Generator<Step> {
    const random = new Random(909);
    const keys = 240_000;
    for (let database = 0; database < 3; database++) {
      yield ['SELECT', `${database}`];
      for (let key = database; key < keys; key += 3) {
        const expiry = key % 2 === 0 ? ['EX', '86400'] : [];
        yield ['SET', `tiny:${key}`, textBetween(random, 5, 40), ...expiry];
      }
    }
    const gone = shuffled(random, keys).slice(0, keys * 0.7);
    for (let database = 0; database < 3; database++) {
      yield ['SELECT', `${database}`];
      for (const key of gone) if (key % 3 === database) yield ['DEL', `tiny:${key}`];
    }
  },
};

const streams: FidelityStream = {
  name: 'event-streams',
  summary:
    '2,000 streams of 150 entries of 100 to 300 bytes, added in turn, of which 60% are deleted at random, and 500 are ' +
    'trimmed to a quarter',
  *steps(): Generator<Step> {
    const random = new Random(910);
    const count = 2000;
    for (let entry = 0; entry < 150; entry++) {
      for (let stream = 0; stream < count; stream++) {
        yield ['XADD', `events:${stream}`, `${entry + 1}-1`, 'body', textBetween(random, 100, 300)];
      }
    }
    const order = shuffled(random, count);
    for (const stream of order.slice(0, count * 0.6)) yield ['DEL', `events:${stream}`];
    for (const stream of order.slice(count * 0.6, count * 0.85)) {
      yield ['XTRIM', `events:${stream}`, 'MAXLEN', '38'];
    }
  },
};

const largeValues: FidelityStream = {
  name: 'large-values',
  summary:
    '12,000 strings of 500 to 24,000 bytes, a part of them larger than slabs, of which 60% are deleted at random',
  *steps(): Generator<Step> {
    const random = new Random(912);
    const keys = 12_000;
    for (let key = 0; key < keys; key++) {
      yield ['SET', `page:${key}`, textBetween(random, 500, key % 10 === 0 ? 24_000 : 9000)];
    }
    for (const key of shuffled(random, keys).slice(0, keys * 0.6)) yield ['DEL', `page:${key}`];
  },
};

/** `expiry` has the command that gives a field its time, and the time. */
function* fieldsWithTimes(expiry: (one: number) => readonly [string, string]): Generator<Step> {
  const random = new Random(913);
  const [large, fields] = [60, 1200];
  for (let field = 0; field < fields; field++) {
    const [command, time] = expiry(field);
    for (let hash = 0; hash < large; hash++) {
      yield ['HSET', `cart:${hash}`, `field:${field}`, textBetween(random, 80, 240)];
      if (field % 3 === 0) yield [command, `cart:${hash}`, time, 'FIELDS', '1', `field:${field}`];
    }
  }
  for (let hash = 0; hash < 10_000; hash++) {
    const [command, time] = expiry(hash);
    const pairs = Array.from({ length: 12 }, (_, field) => [`f:${field}`, textBetween(random, 10, 50)]);
    yield ['HSET', `small:${hash}`, ...pairs.flat()];
    yield [command, `small:${hash}`, time, 'FIELDS', '2', 'f:0', 'f:5'];
  }
  const all = large * fields;
  for (const one of shuffled(random, all).slice(0, all * 0.6)) {
    yield ['HDEL', `cart:${one % large}`, `field:${Math.floor(one / large)}`];
  }
  for (const hash of shuffled(random, 10_000).slice(0, 6000)) yield ['DEL', `small:${hash}`];
}

/** Only servers with times of fields have this state. */
const timedFields: FidelityStream = {
  name: 'timed-fields',
  summary:
    '60 hashes of 1,200 fields and 10,000 of 12, a third of the fields with a time, of which 60% are deleted at random',
  steps: () => fieldsWithTimes(() => ['HEXPIRE', '86400']),
};

/** Milliseconds since 1970 at which the first field expires. Given times make the same tree of times on each server. */
const FIRST_EXPIRY_MS = 4_102_444_800_000;

const givenTimes: FidelityStream = {
  name: 'fields-with-given-times',
  summary: 'the same with absolute times',
  steps: () => fieldsWithTimes((one) => ['HPEXPIREAT', `${FIRST_EXPIRY_MS + 10 * one}`]),
};

/** A threshold that ends the work early. */
const highThreshold: FragmentedState = {
  ...scatteredStrings,
  name: 'scattered-strings-high-threshold',
  settings: [
    ['active-defrag-threshold-lower', '30'],
    ['active-defrag-threshold-upper', '60'],
  ],
};

/** Returns the commands that set these parameters of active defragmentation. */
function configured(parameters: Readonly<Record<string, string>>): Step[] {
  return Object.entries(parameters).map(([name, value]) => ['CONFIG', 'SET', name, value]);
}

/** The defragger runs while keys are deleted, overwritten and added. */
const underTraffic: FragmentedState = {
  name: 'strings-under-traffic',
  summary:
    '60,000 strings of 1,000 bytes, of which 60% are deleted at random with active defragmentation on, while others get ' +
    'values of other sizes and 20,000 keys are added',
  *steps(): Generator<Step> {
    const random = new Random(914);
    const keys = 60_000;
    for (let key = 0; key < keys; key++) yield ['SET', `key:${key}`, text(1000, key)];
    yield* configured({
      'active-defrag-ignore-bytes': '1mb',
      'active-defrag-cycle-min': '25',
      activedefrag: 'yes',
    });
    for (const [turn, key] of shuffled(random, keys).entries()) {
      if (turn < keys * 0.6) yield ['DEL', `key:${key}`];
      else if (turn % 4 === 0) yield ['SET', `key:${key}`, textBetween(random, 600, 1400)];
      if (turn % 3 === 0) yield ['SET', `new:${turn}`, textBetween(random, 300, 900)];
    }
  },
};

/** The thresholds change while the defragger runs: it rests above them, and begins again when they fall. */
const newThresholds: FragmentedState = {
  name: 'strings-new-thresholds',
  summary:
    '50,000 strings of 1,000 bytes, of which 60% are deleted in random order; thresholds then fall from 80 to 30 and 5, ' +
    'with more and less effort, while the defragger runs',
  settings: [['active-defrag-threshold-lower', '5']],
  *steps(): Generator<Step> {
    yield* scatteredStrings.steps();
    yield* configured({
      'active-defrag-ignore-bytes': '1mb',
      'active-defrag-threshold-lower': '80',
      'active-defrag-threshold-upper': '90',
      'active-defrag-cycle-min': '5',
      activedefrag: 'yes',
    });
    yield { pauseMs: 300 };
    yield* configured({ 'active-defrag-cycle-min': '20', 'active-defrag-threshold-lower': '30' });
    yield { pauseMs: 300 };
    yield* configured({ 'active-defrag-cycle-max': '50', 'active-defrag-threshold-upper': '200' });
    yield { pauseMs: 2000 };
    yield* configured({ activedefrag: 'no', 'active-defrag-threshold-lower': '5' });
    yield { pauseMs: 200 };
  },
};

export const STATES: readonly FragmentedState[] = [
  scatteredStrings,
  smallStrings,
  sessionChurn,
  queueLists,
  largeHashes,
  sortedSets,
  sets,
  smallHashes,
  shortStrings,
  streams,
  largeValues,
  timedFields,
  givenTimes,
  highThreshold,
  underTraffic,
  newThresholds,
];

/**
 * Returns the settings of active defragmentation in a state; the others have their defaults. With little effort a pass
 * takes minutes, so that nothing would tell a server at rest from one between two moves.
 */
export function settingsIn({
  settings = [],
}: FragmentedState): readonly (readonly [name: string, value: string])[] {
  return [['active-defrag-ignore-bytes', '1mb'], ['active-defrag-cycle-min', '25'], ...settings];
}
