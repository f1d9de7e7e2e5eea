export { Client } from './client.js';
export { CommandLog } from './command-log.js';
export { Dict } from './dict.js';
export { Keyspace } from './keyspace.js';
export { OWNER_NAMES, Owner } from './owners.js';
export { embeddedStringBytes, growableSdsBytes, sdsBytes } from './sds.js';
export { RedisServer } from './server.js';
export { DEFAULT_SERVER, findServer, SERVERS, type ServerVersion } from './servers.js';
export { StringColumns } from './strings.js';
