export { Arguments, type Rewriting } from './arguments.js';
export { BlockedClients, type Waiting } from './blocked-clients.js';
export { Client, type ClientContext } from './client.js';
export { CommandPool } from './command-pool.js';
export { Connections } from './connections.js';
export { encodedBytes, type Following, LOOK_AHEAD, SharedQueryBuffer } from './query-buffer.js';
export { decimalLength, Reply } from './reply-lengths.js';
export { Transaction } from './transaction.js';
export { WatchedKeys } from './watched-keys.js';
