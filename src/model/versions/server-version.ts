import type { DefragPolicy } from './defrag-policy.js';
import type {
  BucketTablePolicy,
  ClientPolicy,
  CommandPolicy,
  ContainerPolicy,
  DictPolicy,
  KeyedObjectPolicy,
  KeyPolicy,
  StringPolicy,
} from './policies.js';
import type { SettingDefaults } from './setting-defaults.js';
import type { StartUpCounts } from './start-up-counts.js';
import type { StructSizes } from './struct-sizes.js';

/**
 * The facts of one server version. Each version is one file, made by spread from the version before it.
 * docs/recipes/add-a-server-version.md describes how to add one.
 */
export interface ServerVersion {
  /** Product and series, as `--server` takes them. */
  readonly name: string;
  readonly product: 'redis' | 'valkey';
  /** The release whose source the version was read in; it decides which commands exist. */
  readonly release: string;
  /** The release of Redis that INFO reports as `redis_version`. */
  readonly redisRelease: string;
  /** The allocator build that the version bundles. */
  readonly defaultBuild: string;
  /** The newest version of RDB files that it reads. */
  readonly rdbVersion: number;
  readonly sizes: StructSizes;
  readonly strings: StringPolicy;
  readonly dicts: DictPolicy;
  readonly bucketTables: BucketTablePolicy;
  readonly keys: KeyPolicy;
  readonly keyedObjects: KeyedObjectPolicy;
  readonly containers: ContainerPolicy;
  readonly clients: ClientPolicy;
  readonly commands: CommandPolicy;
  readonly defrag: DefragPolicy;
  readonly settings: SettingDefaults;
  readonly startUp: StartUpCounts;
}
