export { type ContainerPolicy, containerPolicy } from './policies.js';
export { DEFAULT_SERVER, findServer, SERVERS, type ServerVersion } from './servers.js';
export { CLUSTER_START_UP, FOREIGN_START_UP, START_UP } from './start-up-counts.js';
