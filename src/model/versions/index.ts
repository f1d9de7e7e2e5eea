export type { BucketTablePolicy, ContainerPolicy, KeyedObjectPolicy } from './policies.js';
export type { ServerVersion } from './server-version.js';
export {
  DEFAULT_SERVER,
  DEFAULT_VERSION,
  findServer,
  nearestServer,
  OTHER_SERVER,
  SERVERS,
  serverNameOf,
  TRAFFIC_SERVER,
} from './servers.js';
export type { StructSizes } from './struct-sizes.js';
