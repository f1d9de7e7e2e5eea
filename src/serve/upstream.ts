/** The address of the real server, from its URL. */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { InputError } from '../base/index.js';
import { contentOf, firstLineOf } from './option-files.js';

export interface Upstream {
  /** The URL without its password, for messages. */
  readonly url: string;
  /** The path of the socket of a server on this machine; undefined for a server with a host and port. */
  readonly path: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Undefined for a connection without TLS. */
  readonly tls: TlsIdentity | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
}

/** The certificates of a TLS connection, in PEM. What is missing is left to the system. */
interface TlsIdentity {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** The files that a URL has no place for. */
export interface UpstreamFiles {
  /** A file whose first line is the password. */
  readonly passwordFile?: string | undefined;
  /** Files of PEM certificates: of the authority, of the client, and the client's key. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** The names of the options and of the variable that a command has for a server. */
export interface ServerOptionNames {
  /** The beginning of its options, such as `--upstream`. */
  readonly prefix: string;
  readonly passwordVariable: string;
}

const UPSTREAM_NAMES: ServerOptionNames = {
  prefix: '--upstream',
  passwordVariable: 'SLABLAB_UPSTREAM_PASSWORD',
};

const REMEDY =
  'write it like redis://[user:password@]host[:port][/database], rediss:// for TLS, or unix:///path/to/socket[?db=0]';

/** Reads the URL of a server. `option` is the option that it was given by, for errors. */
export function parseUpstream(
  option: string,
  given: string,
  files: UpstreamFiles = {},
  env: NodeJS.ProcessEnv = {},
  names: ServerOptionNames = UPSTREAM_NAMES,
): Upstream {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new InputError(`${option} ${withoutPassword(given)}: not a URL; ${REMEDY}`);
  }
  const refuse = (what: string) => new InputError(`${option} ${withoutPassword(given)}: ${what}; ${REMEDY}`);
  const isTls = url.protocol === 'rediss:';
  const isUnix = url.protocol === 'unix:';
  if (!(isTls || isUnix || url.protocol === 'redis:')) throw refuse(`no scheme '${url.protocol}'`);
  if (!isTls && (files.caFile ?? files.certFile ?? files.keyFile) !== undefined) {
    throw refuse('certificates are given, but the URL is not of TLS');
  }
  const database = isUnix ? (url.searchParams.get('db') ?? '0') : url.pathname.slice(1) || '0';
  if (!/^\d{1,5}$/.test(database)) throw refuse(`no database '${database}'`);
  const path = isUnix ? decodeURIComponent(url.pathname) : undefined;
  if (isUnix ? path === '/' || path === '' : url.hostname === '') throw refuse('it names no server');
  const { user, password } = loginOf(url, files.passwordFile, env, names);
  return {
    url: isUnix ? `unix://${url.pathname}` : `${url.protocol}//${url.host}`,
    path,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    tls: isTls ? identityOf(files, names) : undefined,
    user,
    password,
    database: Number(database),
  };
}

/** Opens a connection. It is ready at `readyEvent`. */
export function dial({ path, host, port, tls }: Upstream): Socket {
  if (path !== undefined) return connect({ path });
  if (tls === undefined) return connect({ host, port, noDelay: true });
  // SNI has names only, no addresses.
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ...servername, ...tls }).setNoDelay(true);
}

/** The event of a socket at which the server can be reached. */
export function readyEvent({ tls }: Upstream): 'connect' | 'secureConnect' {
  return tls === undefined ? 'connect' : 'secureConnect';
}

/** Returns the first commands of a connection, which authenticate it and select its database. */
export function greeting({ user, password, database }: Upstream): string[][] {
  const commands: string[][] = [];
  if (password !== undefined) commands.push(['AUTH', ...(user === undefined ? [] : [user]), password]);
  if (database !== 0) commands.push(['SELECT', String(database)]);
  return commands;
}

function loginOf(
  url: URL,
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  { prefix, passwordVariable }: ServerOptionNames,
): Pick<Upstream, 'user' | 'password'> {
  const user = url.username === '' ? undefined : decodeURIComponent(url.username);
  if (url.password !== '') return { user, password: decodeURIComponent(url.password) };
  if (file !== undefined) return { user, password: firstLineOf(`${prefix}-password-file`, file) };
  return { user, password: env[passwordVariable] };
}

function identityOf(
  { caFile, certFile, keyFile }: UpstreamFiles,
  { prefix }: ServerOptionNames,
): TlsIdentity {
  return {
    ...(caFile !== undefined && { ca: contentOf(`${prefix}-ca`, caFile) }),
    ...(certFile !== undefined && { cert: contentOf(`${prefix}-cert`, certFile) }),
    ...(keyFile !== undefined && { key: contentOf(`${prefix}-key`, keyFile) }),
  };
}

function withoutPassword(given: string): string {
  return given.replace(/:[^:@/]*@/, ':***@');
}
