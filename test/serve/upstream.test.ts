/** Connections to the real server: their URLs, TLS, unix sockets and logins. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { Password } from '#slablab/src/serve/password.js';
import type { ServeOptions } from '#slablab/src/serve/serve-options.js';
import { Tap } from '#slablab/src/serve/tap/tap.js';
import { parseUpstream, type Upstream } from '#slablab/src/serve/upstream.js';
import { withRealServer } from '../support/real-server.js';
import { OPTIONS, RawClient, startServer } from './support/servers.js';

const DIRECTORY = mkdtempSync(join(tmpdir(), 'slablab-upstream-'));
afterAll(() => rmSync(DIRECTORY, { recursive: true }));

const certificate = (name: string) => fileURLToPath(new URL(`./certificates/${name}`, import.meta.url));
const CERT = certificate('cert.pem');
const KEY = certificate('key.pem');

function file(name: string, content: string): string {
  const path = join(DIRECTORY, name);
  writeFileSync(path, content);
  return path;
}

describe('URLs', () => {
  test.each([
    ['redis://localhost', { host: 'localhost', port: 6379, tls: undefined, database: 0 }],
    ['redis://u:p%40w@h:7000/3', { user: 'u', password: 'p@w', host: 'h', port: 7000, database: 3 }],
    ['redis://:pw@[::1]:1', { user: undefined, password: 'pw', host: '::1', url: 'redis://[::1]:1' }],
    ['rediss://h:1/0', { tls: {}, url: 'rediss://h:1' }],
    ['unix:///run/a%20b.sock?db=2', { path: '/run/a b.sock', database: 2, url: 'unix:///run/a%20b.sock' }],
  ] as const)('%s', (url, fields) => {
    expect(parseUpstream('--upstream', url)).toMatchObject(fields);
  });

  test.each([
    ['127.0.0.1:6379', /not a URL|scheme/],
    ['http://h', /no scheme 'http:'/],
    ['redis://h/x', /no database 'x'/],
    ['redis://', /names no server/],
    ['unix:///', /names no server/],
    ['redis://:secret@h/x', /no database/],
  ])('%s is refused, with a remedy and without its password', (url, why) => {
    expect(() => parseUpstream('--upstream', url)).toThrow(why);
    expect(() => parseUpstream('--upstream', url)).toThrow(/rediss:\/\//);
    expect(() => parseUpstream('--upstream', url)).not.toThrow(/secret/);
  });

  test('the password is that of the URL, or of the file, or of the variable', () => {
    const env = { SLABLAB_UPSTREAM_PASSWORD: 'from variable' };
    const passwordFile = file('password', 'from file\nmore\n');
    const passwordOf = (url: string, files = {}) => parseUpstream('--upstream', url, files, env).password;
    expect(passwordOf('redis://:url@h', { passwordFile })).toBe('url');
    expect(passwordOf('redis://user@h', { passwordFile })).toBe('from file');
    expect(passwordOf('redis://h')).toBe('from variable');
    expect(() => passwordOf('redis://h', { passwordFile: join(DIRECTORY, 'none') })).toThrow(
      /--upstream-password-file .*none: .*; name a readable file/,
    );
  });

  test('certificates need a URL of TLS', () => {
    expect(() => parseUpstream('--upstream', 'redis://h', { caFile: CERT })).toThrow(/not of TLS/);
    expect(() => parseUpstream('--upstream', 'rediss://h', { caFile: '/none' })).toThrow(
      /--upstream-ca \/none/,
    );
  });
});

/** Returns a server that passes all bytes on to a port. */
async function forwarding(
  port: number,
  listen: { port: 0 } | { path: string },
  isTls: boolean,
): Promise<Server | TlsServer> {
  const forward = (client: import('node:net').Socket) => {
    const server = connect({ host: '127.0.0.1', port });
    client.pipe(server).pipe(client);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  };
  const listener = isTls
    ? createTlsServer({ cert: readFileSync(CERT), key: readFileSync(KEY) }, forward)
    : createServer(forward);
  listener.listen({ host: '127.0.0.1', ...listen });
  await once(listener, 'listening');
  return listener;
}

async function throughTap(
  upstream: Upstream,
  work: (client: RawClient, notes: readonly string[], tap: Tap) => Promise<void>,
  options: Partial<ServeOptions> = {},
): Promise<void> {
  const notes: string[] = [];
  const tap = await Tap.open(upstream, { ...OPTIONS, onNote: (note) => notes.push(note), ...options });
  try {
    const client = await RawClient.open(tap.port);
    await work(client, notes, tap);
    client.close();
  } finally {
    await tap.close();
  }
}

async function isFollowed(client: RawClient): Promise<void> {
  client.write('SET a 1\r\nGET a\r\nINFO memory\r\n');
  expect(await client.nexts(2)).toEqual(['+OK\r\n', '$1\r\n1\r\n']);
  expect(await client.next()).toMatch(/mem_lab_incomplete:0\r\nmem_lab_gaps:0\r\n/);
}

withRealServer('a server behind TLS, and its certificate', async (binary) => {
  const server = await startServer(binary);
  const listener = await forwarding(server.port, { port: 0 }, true);
  try {
    const { port } = listener.address() as AddressInfo;
    const url = `rediss://127.0.0.1:${port}`;
    await throughTap(parseUpstream('--upstream', url, { caFile: CERT }), isFollowed);
    await expect(Tap.open(parseUpstream('--upstream', url), OPTIONS)).rejects.toThrow(
      /rediss:\/\/127.0.0.1:\d+ cannot be reached: DEPTH_ZERO_SELF_SIGNED_CERT/,
    );
  } finally {
    listener.close();
    await server.stop();
  }
});

withRealServer('a server behind a unix socket', async (binary) => {
  const server = await startServer(binary);
  const path = join(DIRECTORY, 'socket');
  const listener = await forwarding(server.port, { path }, false);
  try {
    await throughTap(parseUpstream('--upstream', `unix://${path}`), isFollowed);
  } finally {
    listener.close();
    await server.stop();
  }
});

async function requirePassword(port: number): Promise<void> {
  const direct = await RawClient.open(port);
  expect(await direct.write('CONFIG SET requirepass pw\r\n').next()).toBe('+OK\r\n');
  direct.close();
}

describe('a login in the URL', () => {
  const LOGIN = /^\$\d+\r\nid=.* db=3 .* user=default /;

  withRealServer('is that of each client, and again after RESET', async (binary) => {
    const server = await startServer(binary);
    try {
      await requirePassword(server.port);
      const upstream = parseUpstream('--upstream', `redis://default:pw@127.0.0.1:${server.port}/3`);
      await throughTap(upstream, async (client, notes, tap) => {
        expect(notes.join('\n')).toContain(`connect to 127.0.0.1:${tap.port} has the rights`);
        client.write('CLIENT INFO\r\nSET k in3\r\nRESET\r\nGET k\r\nCLIENT INFO\r\nINFO memory\r\n');
        expect(await client.nexts(5)).toEqual([
          expect.stringMatching(LOGIN),
          '+OK\r\n',
          '+RESET\r\n',
          '$3\r\nin3\r\n',
          expect.stringMatching(LOGIN),
        ]);
        expect(await client.next()).toContain('mem_lab_gaps:0');
      });
      await expect(
        Tap.open(parseUpstream('--upstream', `redis://:wrong@127.0.0.1:${server.port}`), OPTIONS),
      ).rejects.toThrow(/cannot be reached: it answers AUTH with WRONGPASS|it answers WRONGPASS/);
    } finally {
      await server.stop();
    }
  });

  withRealServer('is given only to clients that have the password of the tap', async (binary) => {
    const server = await startServer(binary);
    try {
      await requirePassword(server.port);
      const upstream = parseUpstream('--upstream', `redis://default:pw@127.0.0.1:${server.port}/3`);
      await throughTap(
        upstream,
        async (client, notes) => {
          expect(notes.join('\n')).not.toContain('has the rights');
          client.write(
            'GET k\r\nINFO memory\r\nMEMORY PINS\r\nAUTH pw\r\nAUTH tap\r\nCLIENT INFO\r\nRESET\r\nGET k\r\n',
          );
          expect((await client.nexts(4)).map((reply) => reply?.split(' ', 1)[0])).toEqual([
            '-NOAUTH',
            '-NOAUTH',
            '-NOAUTH',
            '-WRONGPASS',
          ]);
          expect(await client.nexts(4)).toEqual([
            '+OK\r\n',
            expect.stringMatching(LOGIN),
            '+RESET\r\n',
            expect.stringMatching(/^-NOAUTH/),
          ]);
          client.write('AUTH tap\r\nSET k 1\r\nCLIENT INFO\r\nHELLO 3\r\n');
          expect(await client.nexts(3)).toEqual(['+OK\r\n', '+OK\r\n', expect.stringMatching(LOGIN)]);
          expect(await client.next()).toMatch(/^%/);
        },
        { password: new Password('tap') },
      );
    } finally {
      await server.stop();
    }
  });
});
