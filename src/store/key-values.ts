import { Random } from '../base/index.js';
import type { CommandInfo } from '../commands/index.js';
import { type ContainerPolicy, type ServerVersion, Settings } from '../model/index.js';
import { keysReadBy } from './command-facts.js';
import { type Clock, Data, type ReadyKey } from './data.js';
import { KeyspaceEvents } from './keyspace-events.js';
import { Parameters } from './parameters.js';
import { Publishing } from './publishing.js';
import type { Session } from './session.js';
import { SlowLog } from './slow-log.js';
import { Statistics } from './statistics.js';
import type { StoreCommand } from './store-command.js';
import type { Limits } from './values.js';
import { Waiters } from './waiters.js';

export interface KeyValuesOptions {
  readonly version: ServerVersion;
  /** Settings that CONFIG SET changes; a model shares its own, so that both have the same limits. */
  readonly settings?: Settings;
  readonly databases?: number;
  /** Whether it is a node of a cluster, of which it has all slots. */
  readonly isCluster?: boolean;
  /** Seed of the random choices. */
  readonly seed?: number;
  /** Password of the default user; without one, every client is authenticated. */
  readonly password?: string | undefined;
  readonly port?: number;
  /** Returns the model's encoding of a key; without it, the store decides by the same limits. */
  readonly encodingOf?: (database: number, name: string) => string | undefined;
  /** Returns the processor time of the process, for INFO; without it, INFO has no section about it. */
  readonly cpuUsage?: () => { readonly userMicroseconds: number; readonly systemMicroseconds: number };
  /** Time of the start, in milliseconds since 1970. */
  readonly startMs?: number;
}

/** Keeps the keys of all databases, the settings, and the connected sessions. */
export class KeyValues {
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly policy: ContainerPolicy;
  readonly limits: Limits;
  readonly isCluster: boolean;
  readonly databases: Data[] = [];
  /** The keys that may have something for clients that wait, in the order in which they changed. */
  readonly readyKeys: ReadyKey[] = [];
  readonly waiters = new Waiters(this);
  readonly publishing: Publishing;
  readonly events = new KeyspaceEvents((channel, text) => this.publishing.publish(channel, text));
  readonly clock: Clock;
  readonly random: Random;
  readonly sessions = new Map<number, Session>();
  readonly parameters: Parameters;
  readonly password: string | undefined;
  /** The port that clients connect to, which is known once it is open. */
  port: number;
  readonly startMs: number;
  readonly encodingOf: KeyValuesOptions['encodingOf'];
  /** Whether keys that no command asks for expire (DEBUG SET-ACTIVE-EXPIRE). */
  isExpiryActive = true;
  commandsDone = 0;
  readonly statistics = new Statistics();
  readonly slowLog = new SlowLog();
  readonly cpuUsage: KeyValuesOptions['cpuUsage'];
  sessionsEver = 0;
  /** 40 hexadecimal digits, which tell a server from others. */
  readonly runId: string;

  readonly #keysRead = new Map<string, ReturnType<typeof keysReadBy>>();

  constructor(
    options: KeyValuesOptions,
    /** All commands of the version, subcommands included. */
    readonly infos: ReadonlyMap<string, CommandInfo>,
    /** Those that the store carries out. */
    readonly commands: ReadonlyMap<string, StoreCommand>,
  ) {
    const { version, isCluster = false, seed = 1, port = 6379, startMs = 0 } = options;
    const databases = options.databases ?? (isCluster ? version.keys.clusterDatabases : 16);
    this.isCluster = isCluster;
    this.clock = { nowMs: startMs };
    this.cpuUsage = options.cpuUsage;
    this.version = version;
    this.publishing = new Publishing(version);
    this.settings = options.settings ?? new Settings(version);
    this.policy = version.containers;
    this.limits = { settings: this.settings, policy: this.policy };
    for (let number = 0; number < databases; number++)
      this.databases.push(new Data(number, this.events, this.readyKeys, this.clock));
    this.random = new Random(seed);
    const digits = new Random(startMs % 2 ** 32);
    this.runId = Array.from({ length: 40 }, () => digits.below(16).toString(16)).join('');
    this.password = options.password;
    this.port = port;
    this.startMs = startMs;
    this.encodingOf = options.encodingOf;
    this.parameters = new Parameters(this.settings, { version, databases, port, isCluster });
  }

  /** Returns the arguments whose keys a command looks up to read them. */
  keysReadBy(info: CommandInfo): ReturnType<typeof keysReadBy> {
    let ranges = this.#keysRead.get(info.name);
    if (ranges === undefined) {
      ranges = keysReadBy(info, this.version);
      this.#keysRead.set(info.name, ranges);
    }
    return ranges;
  }

  /** Keeps a command in the slow log if it took long. */
  noteDuration(
    { address, name }: Session,
    args: readonly string[],
    microseconds: number,
    atMs: number,
  ): void {
    if (this.slowLog.isSlow(microseconds))
      this.slowLog.add({ atMs, microseconds, args, address, client: name });
  }
}
