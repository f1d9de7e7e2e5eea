/** The address of the real server, from its URL. */
import { connect, type Socket } from 'node:net';
import { InputError } from '../base/index.js';

export interface Upstream {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
}

export function parseUpstream(option: string, given: string): Upstream {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new InputError(`${option} ${given}: not a URL; write it like redis://127.0.0.1:6379`);
  }
  if (url.protocol === 'rediss:') {
    throw new InputError(`${option} ${given}: TLS is not supported; use a TLS tunnel`);
  }
  const database = url.pathname === '' || url.pathname === '/' ? '0' : url.pathname.slice(1);
  if (url.protocol !== 'redis:' || url.hostname === '' || !/^\d{1,5}$/.test(database)) {
    throw new InputError(`${option} ${given}: write it like redis://[user:password@]host[:port][/database]`);
  }
  const optional = (text: string) => (text === '' ? undefined : decodeURIComponent(text));
  return {
    // Messages contain this URL, so it excludes the password.
    url: `redis://${url.host}`,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    user: optional(url.username),
    password: optional(url.password),
    database: Number(database),
  };
}

export function dial({ host, port }: Upstream): Socket {
  const socket = connect({ host, port });
  socket.setNoDelay(true);
  return socket;
}

/** Returns the first commands of a connection, which authenticate it and select its database. */
export function greeting({ user, password, database }: Upstream): string[][] {
  const commands: string[][] = [];
  if (password !== undefined) commands.push(['AUTH', ...(user === undefined ? [] : [user]), password]);
  if (database !== 0) commands.push(['SELECT', String(database)]);
  return commands;
}
