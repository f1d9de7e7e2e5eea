import { KIB } from '../base/index.js';
import { isIn } from '../commands/index.js';
import type { ServerVersion } from '../model/index.js';
import type { Session } from './session.js';

/** The length of a query buffer that a server makes for a read, without its terminator and its header. */
const QUERY_BUFFER = 20_474;
/** The memory of that buffer. */
const QUERY_BUFFER_BYTES = 20 * KIB;
const POINTER = 8;

/**
 * Returns a client's line of CLIENT LIST and CLIENT INFO. Its buffers are those of a client that has read all its
 * replies, and only the client that asks has arguments and a query buffer. The lab has no file descriptors.
 */
export function clientLine(
  session: Session,
  nowMs: number,
  version: ServerVersion,
  /** The command of the client, if it is the one that asks. */
  args: readonly string[] = [],
): string {
  const seconds = (sinceMs: number) => Math.floor((nowMs - sinceMs) / 1000);
  const { channels, patterns, shardChannels } = session.subscriptions;
  const hasBuffer = args.length > 0 && version.product === 'redis';
  const query = hasBuffer ? requestLength(args) : 0;
  const given = lengthOf(args);
  const queued = lengthOf((session.queued ?? []).flatMap((request) => request.args));
  const { replyBuffer } = version.clients;
  const total =
    (hasBuffer ? QUERY_BUFFER_BYTES : 0) +
    sizeClassOf(version.sizes.client) +
    replyBuffer +
    given +
    args.length * POINTER +
    queued;
  const fields: readonly (readonly [name: string, value: string | number, isThere?: boolean])[] = [
    ['id', session.id],
    ['addr', session.address],
    ['laddr', session.localAddress],
    ['fd', -1],
    ['name', session.name],
    ['age', seconds(session.connectedMs)],
    ['idle', seconds(session.lastMs)],
    ['flags', flagsOf(session)],
    ['capa', '', isIn(version, { valkey: '8.1' })],
    ['db', session.database],
    ['sub', channels.size],
    ['psub', patterns.size],
    ['ssub', shardChannels.size],
    ['multi', session.queued?.length ?? -1],
    ['watch', session.watches.length, isIn(version, { redis: '7.4', valkey: '8.0' })],
    ['qbuf', query],
    ['qbuf-free', hasBuffer ? Math.max(0, QUERY_BUFFER - query) : 0],
    ['argv-mem', given],
    ['multi-mem', queued],
    ['rbs', replyBuffer],
    ['rbp', replyBuffer],
    ['obl', 0],
    ['oll', 0],
    ['omem', 0],
    ['tot-mem', total],
    ['events', 'r'],
    ['cmd', session.lastCommand],
    ['user', 'default'],
    ['redir', -1],
    ['resp', session.protocol],
    ['lib-name', session.libraryName, isIn(version, '7.2')],
    ['lib-ver', session.libraryVersion, isIn(version, '7.2')],
    ['io-thread', 0, isIn(version, { redis: '8.0' })],
    ['tot-net-in', session.bytesIn, isIn(version, { redis: '8.6', valkey: '8.0' })],
    ['tot-net-out', session.bytesOut, isIn(version, { redis: '8.6', valkey: '8.0' })],
    ['tot-cmds', session.commandsDone, isIn(version, { redis: '8.6', valkey: '8.0' })],
  ];
  return fields
    .filter(([, , isThere = true]) => isThere)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function flagsOf(session: Session): string {
  const flags: readonly (readonly [string, boolean])[] = [
    ['P', session.isSubscribed],
    ['x', session.queued !== undefined],
    ['b', session.waiting !== undefined],
    ['d', session.isStale],
    ['e', !session.isEvictable],
    ['T', !session.usesKeys],
  ];
  const text = flags.map(([flag, isSet]) => (isSet ? flag : '')).join('');
  return text === '' ? 'N' : text;
}

function lengthOf(args: readonly string[]): number {
  return args.reduce((sum, { length }) => sum + length, 0);
}

/** Returns the length of a request in the protocol. */
function requestLength(args: readonly string[]): number {
  return args.reduce((sum, { length }) => sum + length + `${length}`.length + 5, `${args.length}`.length + 3);
}

/** Returns the bytes of the region that an allocation of over 128 bytes takes. */
function sizeClassOf(bytes: number): number {
  const step = 2 ** Math.floor(Math.log2(bytes - 1)) / 4;
  return Math.ceil(bytes / step) * step;
}
