import { isIn, type Release } from '../commands/index.js';
import type { Session } from './session.js';

/** Returns a client's line of CLIENT LIST and CLIENT INFO, without the sizes of buffers, which the store does not have. */
export function clientLine(session: Session, nowMs: number, version: Release): string {
  const seconds = (sinceMs: number) => Math.floor((nowMs - sinceMs) / 1000);
  const { id, address, localAddress, name, database, queued, watches } = session;
  const { channels, patterns, shardChannels } = session.subscriptions;
  const flags = `${session.isSubscribed ? 'P' : ''}${session.waiting === undefined ? '' : 'b'}${queued === undefined ? '' : 'x'}${session.isStale ? 'd' : ''}${session.isEvictable ? '' : 'e'}`;
  const watched = isIn(version, { redis: '7.4', valkey: '8.0' }) ? ` watch=${watches.length}` : '';
  const library = isIn(version, '7.2')
    ? ` lib-name=${session.libraryName} lib-ver=${session.libraryVersion}`
    : '';
  return [
    `id=${id} addr=${address} laddr=${localAddress} name=${name}`,
    `age=${seconds(session.connectedMs)} idle=${seconds(session.lastMs)} flags=${flags === '' ? 'N' : flags}`,
    `db=${database} sub=${channels.size} psub=${patterns.size} ssub=${shardChannels.size} multi=${queued?.length ?? -1}${watched}`,
    `events=r cmd=${session.lastCommand} user=default redir=-1 resp=${session.protocol}${library}`,
  ].join(' ');
}
