export type { ContainerPolicy } from './policies.js';
export type { ServerVersion } from './server-version.js';
export {
  DEFAULT_SERVER,
  DEFAULT_VERSION,
  findServer,
  OTHER_SERVER,
  SERVERS,
  serverNameOf,
} from './servers.js';
export { FOREIGN_START_UP } from './start-up-counts.js';
export type { StructSizes } from './struct-sizes.js';
