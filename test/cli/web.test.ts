/** `slablab web` serves the page on loopback, and no other file of the machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { MAIN } from '../support/main.js';

const PAGE = fileURLToPath(new URL('../../dist/web/index.html', import.meta.url));

let directory: string;
let server: ChildProcess;
let url: URL;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-web-'));
  await writeFile(join(directory, 'some run.slabs'), 'not checked by the server');
  server = spawn(process.execPath, [MAIN, 'web', join(directory, 'some run.slabs'), '--port', '0']);
  url = await new Promise((resolve, reject) => {
    let output = '';
    server.on('close', () => reject(new Error(output)));
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /open (http\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(new URL(found));
    });
  });
});
afterAll(async () => {
  server.kill('SIGTERM');
  await rm(directory, { recursive: true });
});

function get(
  path: string,
  { host = url.host, method = 'GET' } = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: url.hostname, port: url.port, path, method, headers: { host } }, async (response) => {
      let body = '';
      for await (const piece of response) body += piece;
      resolve({ status: response.statusCode ?? 0, body });
    })
      .on('error', reject)
      .end();
  });
}

describe('slablab web', () => {
  test('serves the page, and the recording under its name', async () => {
    expect(url.hash).toBe('#open=some%20run.slabs');
    const offer = '<meta name="slablab-open" content="some run.slabs" />';
    expect((await get('/')).body.replace(offer, '')).toBe(await readFile(PAGE, 'utf8'));
    expect(await get('/some%20run.slabs')).toEqual({
      status: 200,
      body: 'not checked by the server',
    });
  });

  test.each(['/../../package.json', '/%2e%2e/%2e%2e/package.json', '/assets/', '/nothing.js', '/%zz'])(
    'does not serve %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  test('refuses other host names and other methods', async () => {
    expect((await get('/', { host: `elsewhere.example:${url.port}` })).status).toBe(403);
    expect((await get('/', { method: 'POST' })).status).toBe(405);
  });

  test.each([
    [['--port', '70000'], '--port 70000: must be a whole number from 0 to 65535'],
    [['missing.slabs', '--port', '0'], 'missing.slabs: ENOENT'],
  ])('%s: exit 2', async (args, message) => {
    const { exitCode, stderr } = await slablab(['web', ...args]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('a port that is taken', async () => {
    const { exitCode, stderr } = await slablab(['web', '--port', url.port]);
    expect(stderr).toContain(`--port ${url.port}: EADDRINUSE; choose another, or 0 for any free one`);
    expect(exitCode).toBe(2);
  });
});
