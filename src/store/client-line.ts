import type { Session } from './session.js';

/** Returns a client's line of CLIENT LIST and CLIENT INFO. Buffer sizes are constants, because the model has them. */
export function clientLine(session: Session, nowMs: number): string {
  const seconds = (sinceMs: number) => Math.floor((nowMs - sinceMs) / 1000);
  const { id, address, localAddress, name, database, queued, watches } = session;
  const flags = `${queued === undefined ? '' : 'x'}${session.isStale ? 'd' : ''}${session.isEvictable ? '' : 'e'}`;
  return [
    `id=${id} addr=${address} laddr=${localAddress} fd=8 name=${name}`,
    `age=${seconds(session.connectedMs)} idle=${seconds(session.lastMs)} flags=${flags === '' ? 'N' : flags}`,
    `db=${database} sub=0 psub=0 ssub=0 multi=${queued?.length ?? -1} watch=${watches.length}`,
    'qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0 omem=0 tot-mem=0',
    `events=r cmd=${session.lastCommand} user=default redir=-1 resp=${session.protocol}`,
    `lib-name=${session.libraryName} lib-ver=${session.libraryVersion}`,
  ].join(' ');
}
