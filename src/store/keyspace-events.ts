/** Keyspace events (notify-keyspace-events): their classes, and the channels of their messages. */
import { isIn, type Release, type Since } from '../commands/index.js';

/** The events of each class. Classes have the letters of the setting, in the order in which CONFIG GET shows them. */
const EVENTS = {
  g: 'del rename_from rename_to move_from move_to copy_to expire persist',
  $: 'set setrange append incrby incrbyfloat setbit pfadd',
  l: 'lpush rpush lpop rpop linsert lset lrem ltrim sortstore',
  s: 'sadd srem spop sinterstore sunionstore sdiffstore',
  h: 'hset hincrby hincrbyfloat hdel hexpire hpersist hexpired',
  z: 'zadd zincr zrem zremrangebyrank zremrangebyscore zremrangebylex zpopmin zpopmax zunionstore zinterstore zdiffstore zrangestore georadiusstore geosearchstore',
  x: 'expired',
  e: 'evicted',
  t: 'xadd xtrim xdel xsetid xgroup-create xgroup-setid xgroup-destroy xgroup-createconsumer xgroup-delconsumer',
  // Only modules have events of this class.
  d: '',
  n: 'new',
  o: 'overwritten',
  c: 'type_changed',
  m: 'keymiss',
} as const;

type EventClass = keyof typeof EVENTS;
type Words<Text extends string> = Text extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Text;
export type KeyspaceEvent = Exclude<Words<(typeof EVENTS)[EventClass]>, ''>;

const CLASSES = Object.keys(EVENTS) as EventClass[];
const CLASS_OF = new Map<string, EventClass>(
  CLASSES.flatMap((letter) => EVENTS[letter].split(' ').map((event) => [event, letter] as const)),
);
/** The classes that the letter A stands for. */
const ALL = 'g$lshzxetd';
/** The classes that not all releases have. */
const SINCE: Partial<Record<string, Since>> = { o: { redis: '8.2' }, c: { redis: '8.2' } };
/** The letters of the two kinds of channels. */
const CHANNELS = 'KE';

/** Returns a value of the setting as CONFIG GET shows it; undefined if it has a letter that the release does not know. */
export function canonicalClasses(text: string, release: Release): string | undefined {
  const given = new Set(text.replaceAll('A', ALL));
  const known = [...CLASSES, ...CHANNELS].filter((letter) => isIn(release, SINCE[letter] ?? EVERY_RELEASE));
  if ([...given].some((letter) => !known.includes(letter as EventClass))) return undefined;
  const chosen = (letters: Iterable<string>) => [...letters].filter((letter) => given.has(letter)).join('');
  const hasAll = [...ALL].every((letter) => given.has(letter));
  // The misses of keys are named last, and beside A the other classes that it does not include are not named.
  const classes = CLASSES.filter((letter) => letter !== 'm');
  return (hasAll ? 'A' : chosen(classes)) + chosen(CHANNELS) + chosen('m');
}

/** The server's words, which do not name the newest classes. */
export const INVALID_CLASS = "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
const EVERY_RELEASE: Since = { redis: '7.0', valkey: '8.0' };

const NONE = { expired: 0, evicted: 0, keymiss: 0 };

type Publish = (channel: string, text: string) => void;

/** Publishes the events of the classes that the setting chooses. */
export class KeyspaceEvents {
  #classes: ReadonlySet<string> = new Set();
  readonly #publish: Publish;
  #counts = { ...NONE };

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  /** Chooses the classes and channels by a value of the setting. */
  choose(text: string): void {
    this.#classes = new Set(text.replaceAll('A', ALL));
  }

  /** Returns how many keys have expired, were evicted or were missing, whether or not that was published. */
  count(event: 'expired' | 'evicted' | 'keymiss'): number {
    return this.#counts[event];
  }

  resetCounts(): void {
    this.#counts = { ...NONE };
  }

  /** Counts a miss that is no event. */
  missed(): void {
    this.#counts.keymiss++;
  }

  notify(database: number, event: KeyspaceEvent, name: string): void {
    if (event === 'expired' || event === 'evicted' || event === 'keymiss') this.#counts[event]++;
    const classes = this.#classes;
    if (!classes.has(CLASS_OF.get(event)!)) return;
    if (classes.has('K')) this.#publish(`__keyspace@${database}__:${name}`, event);
    if (classes.has('E')) this.#publish(`__keyevent@${database}__:${event}`, name);
  }
}
