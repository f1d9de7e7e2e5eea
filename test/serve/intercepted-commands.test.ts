/** Commands of an operator that the lab answers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { parseMallocStats } from '#slablab/src/analysis/malloc-stats/parse-malloc-stats.js';
import { Attach } from '#slablab/src/serve/attach.js';
import { parseUpstream } from '#slablab/src/serve/upstream.js';
import { freePort } from '#slablab/src/verify/real-server.js';
import { slablab } from '../support/cli.js';
import { MAIN } from '../support/main.js';
import { withRealServer } from '../support/real-server.js';
import { OPTIONS, processIdOf, RawClient, startServer, withStandalone, withTap } from './support/servers.js';

describe('questions', () => {
  test('standalone: usage, slots, pins, types', () =>
    withStandalone(
      async ({ port }) => {
        const client = await RawClient.open(port);
        const ask = (line: string) => client.write(`${line}\r\n`).next();
        await ask('SET user:1 hello');
        await ask('SELECT 1');
        await ask('SET other:1 hello');
        expect(await ask('MEMORY USAGE other:1')).toMatch(/^:[1-9]\d+\r\n$/);
        expect(await ask('MEMORY USAGE user:1')).toBe('$-1\r\n');
        expect(await ask('MEMORY PINS')).toMatch(/slabs? .* are pinned/);
        expect(await ask('MEMORY PINS JSON')).toContain('"patterns"');
        expect(await ask('MEMORY PINS WHAT')).toMatch(/^-ERR syntax error/);
        const { bins } = parseMallocStats((await ask('MEMORY MALLOC-STATS'))!);
        expect(bins.find(({ size }) => size === 16)?.curregs).toBeGreaterThan(0);
        expect(await ask('MEMORY PURGE')).toBe('+OK\r\n');
        expect(await ask('DEBUG SLOT-VERIFY-MEMORY')).toMatch(/^-ERR wrong number of arguments/);
        expect(await ask('CLUSTER SLOT-STATS')).toMatch(/^[-*]/);
        client.close();
      },
      { owners: [] },
    ));

  test('without owners MEMORY PINS names the option that tracks them', () =>
    withStandalone(async ({ port }) => {
      const client = await RawClient.open(port);
      expect(await client.write('MEMORY PINS\r\n').next()).toMatch(/--owners/);
      client.close();
    }));

  test('SPOP removes the same member from store and model', () =>
    withStandalone(async (standalone) => {
      const client = await RawClient.open(standalone.port);
      client.write('SADD s a b c\r\nSPOP s\r\nSPOP s 2\r\nSPOP s\r\nEXISTS s\r\n');
      const replies = await client.nexts(5);
      expect(replies[0]).toBe(':3\r\n');
      expect(replies.slice(3)).toEqual(['$-1\r\n', ':0\r\n']);
      expect((await standalone.summary()).lab?.keys).toBe(0);
      client.close();
    }));

  test('SPOP in a transaction removes the same members from store and model, even long ones', () =>
    withStandalone(async (standalone) => {
      const client = await RawClient.open(standalone.port);
      const members = Array.from({ length: 40 }, (_, at) => `${at}:${'m'.repeat(at * 5)}`);
      client.write(
        `SADD s ${members.join(' ')}\r\nMULTI\r\nSPOP s\r\nSPOP s 30\r\nEXEC\r\nSCARD s\r\nSMEMBERS s\r\n`,
      );
      const replies = await client.nexts(7);
      expect(replies[5]).toBe(':9\r\n');
      const named = (reply = '') => members.filter((member) => reply.includes(`\r\n${member}\r\n`));
      const [gone, left] = [named(replies[4]), named(replies[6])];
      expect([...gone, ...left].sort()).toEqual([...members].sort());
      // Removing the members that the store kept empties the model's set, so the key disappears.
      client.write(`SREM s ${left.join(' ')}\r\n`);
      await client.next();
      expect((await standalone.summary()).lab?.keys).toBe(0);
      client.close();
    }));

  test('OBJECT ENCODING is answered by the model', () =>
    withStandalone(async ({ port }) => {
      const client = await RawClient.open(port);
      const ask = (line: string) => client.write(`${line}\r\n`).next();
      await ask('SELECT 3');
      await ask('RPUSH l a b');
      await ask(`SET s ${'x'.repeat(45)}`);
      expect(await ask('OBJECT ENCODING l')).toBe('$8\r\nlistpack\r\n');
      expect(await ask('OBJECT ENCODING s')).toBe('$3\r\nraw\r\n');
      expect(await ask('OBJECT ENCODING none')).toBe('$-1\r\n');
      client.close();
    }));

  withRealServer('tap: MEMORY USAGE equals that of the server', (binary) =>
    withTap(binary, async (tap, server) => {
      const [through, direct] = [await RawClient.open(tap.port), await RawClient.open(server.port)];
      await through
        .write(`HSET h ${Array.from({ length: 300 }, (_, at) => `f${at} v`).join(' ')}\r\n`)
        .next();
      const question = 'MEMORY USAGE h SAMPLES 0\r\n';
      const [ours, theirs] = [await through.write(question).next(), await direct.write(question).next()];
      expect(ours).toBe(theirs);
      through.close();
      direct.close();
    }),
  );

  withRealServer('tap: the lab does not execute administrative commands that the server refused', (binary) =>
    withTap(binary, async (tap) => {
      const client = await RawClient.open(tap.port);
      // The lab would be out of memory if it had executed the command.
      client.write('CONFIG SET maxmemory 1 dir /none\r\nSET a 1\r\n');
      expect(await client.nexts(2)).toEqual([expect.stringMatching(/^-ERR CONFIG SET failed/), '+OK\r\n']);
      expect((await tap.summary()).lab).toMatchObject({ keys: 1, failure: null });
      client.close();
    }),
  );

  withRealServer('attach: the lab has the keys that other clients write', async (binary) => {
    const server = await startServer(binary);
    try {
      const upstream = parseUpstream('attach', `redis://127.0.0.1:${server.port}`);
      const attach = await Attach.open(upstream, OPTIONS, 'monitor');
      try {
        const direct = await RawClient.open(server.port);
        for (let key = 0; key < 500; key++) direct.write(`SET "key \\x00 ${key}" ${'v'.repeat(key + 1)}\r\n`);
        direct.write('SELECT 2\r\nRPUSH list a b c\r\n');
        direct.write(`EVAL "redis.call('SET', KEYS[1], 'x') return 1" 1 scripted\r\n`);
        await direct.nexts(503);
        const client = await RawClient.open(attach.port);
        client.write('GET a\r\nMEMORY PURGE\r\nINFO memory\r\n');
        expect(await client.nexts(2)).toEqual([
          expect.stringMatching(/^-ERR only questions to the lab are answered here: send get to redis:/),
          expect.stringMatching(/send memory purge to redis:/),
        ]);
        const info = await client.next();
        expect(info).toContain('used_memory_human');
        expect(info).toContain('mem_drainability_ratio');
        // MONITOR reports commands with a delay.
        let { lab, gaps } = await attach.summary();
        for (let tries = 0; lab?.keys !== 502 && tries < 100; tries++) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          ({ lab, gaps } = await attach.summary());
        }
        expect(lab).toMatchObject({ keys: 502, scriptCalls: 1, scriptedCommands: 1, failure: null });
        expect(gaps).toEqual([]);
        client.close();
        direct.close();
      } finally {
        await attach.close();
      }
    } finally {
      await server.stop();
    }
  });
});

/** Starts the program, and waits until it listens. */
async function served(...args: readonly string[]) {
  const format = args.includes('--format') ? [] : ['--json'];
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', ...format, ...args]);
  let [said, summary] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    summary += text;
  });
  const port = await new Promise<number>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  return { child, port, summary: () => summary };
}

describe('command line', () => {
  withRealServer('SIGTERM ends the tap of a hanging server', async (binary) => {
    const server = await startServer(binary);
    const direct = await RawClient.open(server.port);
    const processId = await processIdOf(direct);
    const url = `redis://127.0.0.1:${server.port}`;
    const { child, port, summary } = await served('--upstream', url);
    const clients = [await RawClient.open(port), await RawClient.open(port)];
    for (let count = 0; count < 20; count++) {
      for (const client of clients) client.write('PING\r\n');
      for (const client of clients) expect(await client.next()).toBe('+PONG\r\n');
    }
    process.kill(processId, 'SIGSTOP');
    try {
      for (const client of clients) client.write('SET a 1\r\n');
      // The tap has sent the commands to the server.
      await new Promise((resolve) => setTimeout(resolve, 50));
      child.kill('SIGTERM');
      expect((await once(child, 'close'))[0]).toBe(0);
      expect(JSON.parse(summary())).toMatchObject({ upstream: url, lab: { keys: 0 } });
    } finally {
      process.kill(processId, 'SIGCONT');
      child.kill('SIGKILL');
      direct.close();
      await server.stop();
    }
  });

  test('SIGTERM: a summary on stdout, exit 0', async () => {
    const { child, port, summary } = await served();
    const client = await RawClient.open(port);
    expect(await client.write('SET a 1\r\n').next()).toBe('+OK\r\n');
    child.kill('SIGTERM');
    const [exitCode] = await once(child, 'close');
    expect(exitCode).toBe(0);
    expect(JSON.parse(summary())).toMatchObject({
      upstream: null,
      clients: { accepted: 1 },
      lab: { keys: 1 },
    });
    await client.closed;
  });

  test.each([
    ['csv', /^(.*,)?lab\.keys(,.*)?\n.*\b1\b/],
    ['markdown', /^### .*\n/],
    ['html', /^<!doctype html>/],
  ])('SIGTERM: a summary as %s', async (format, expected) => {
    const { child, port, summary } = await served('--format', format);
    const client = await RawClient.open(port);
    expect(await client.write('SET a 1\r\n').next()).toBe('+OK\r\n');
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(summary()).toMatch(expected);
    await client.closed;
  });

  test('bad usage: exit 2 and a remedy', async () => {
    const nobody = `redis://127.0.0.1:${await freePort()}`;
    for (const [args, message] of [
      [['serve', '--host', '0.0.0.0'], /--password-file/],
      [['serve', '--upstream', 'http://127.0.0.1'], /rediss:\/\//],
      [['serve', '--upstream', '127.0.0.1:6379'], /redis:\/\//],
      [['serve', '--max-query', '1'], /64mb/],
      [['serve', '--port', '0', '--upstream', nobody], /cannot be reached: ECONNREFUSED/],
      [['serve', '--pattern', 'a*'], /--owners/],
      [['verify'], /--live/],
      [['verify', '--live', nobody], /cannot be reached/],
    ] as const) {
      const { exitCode, stderr } = await slablab([...args]);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/incomplete/);
      expect(exitCode).toBe(2);
    }
  });
});
