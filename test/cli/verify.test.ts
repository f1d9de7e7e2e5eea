import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { respOf } from '#slablab/src/resp/request-writer.js';
import type { VerifyResult } from '#slablab/src/verify/verify-result.js';
import * as rdb from '../input/support/rdb.js';
import { slablab } from '../support/cli.js';
import { MAIN } from '../support/main.js';
import { withRealServer } from '../support/real-server.js';

const SMALL = ['verify', 'scattered-delete', '--set', 'keys=20000', '--settle', '300'];
const LOOSE = ['--regions-within', '5%', '--slabs-within', '5%', '--used-within', '5%'];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-verify-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function isValid(result: unknown): Promise<void> {
  const schema = new URL('../../src/verify/verify-result.schema.json', import.meta.url);
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  const validate = ajv.compile(JSON.parse(await readFile(schema, 'utf8')) as object);
  validate(result);
  expect(validate.errors ?? []).toEqual([]);
}

describe('slablab verify', () => {
  withRealServer('--json: the result follows its schema, and both sides agree', async (binary) => {
    const output = await slablab([...SMALL, ...LOOSE, '--server-bin', binary, '--json', '--quiet']);
    expect(output.stderr).toBe('');
    const result = JSON.parse(output.stdout) as VerifyResult;
    await isValid(result);
    await expect(isValid({ ...result, extra: 1 })).rejects.toThrow();
    expect(output.exitCode).toBe(0);
    expect(result.agrees).toBe(true);
    expect(result.phases.map(({ name, serverKeys }) => [name, serverKeys])).toEqual([
      ['populated', 20_000],
      ['deleted', 10_000],
    ]);
    expect(result.traffic.commands).toBe(10_001);
    expect(result.traffic.readsByServer).toBe(result.traffic.reads);
    expect(result.server.configuration).toContain('save ""');
  });

  withRealServer('entries of streams have the times of the ids that the server gave', async (binary) => {
    const commands = [respOf('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM'), respOf('SET', 'string', 'v')];
    for (let index = 0; index < 20_000; index++) {
      commands.push(respOf('XADD', 's', '*', 'f', `${index}`));
      // What adds no entry has no time, and what a transaction adds has the time of the lab.
      if (index % 100 === 0) commands.push(respOf('XADD', 'absent', 'NOMKSTREAM', '*', 'f', 'v'));
      if (index % 100 === 1) commands.push(respOf('XADD', 'string', '*', 'f', 'v'));
      if (index % 100 === 2) commands.push(respOf('XADD', 's', '1-1', 'f', 'v'));
      if (index % 4000 === 3) {
        commands.push(respOf('MULTI'), respOf('XADD', 'queued', '*', 'f', 'v'), respOf('EXEC'));
      }
      if (index % 10 === 0) commands.push(respOf('XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 's', '>'));
    }
    const file = join(directory, 'entries.resp');
    await writeFile(file, Buffer.concat(commands));
    const within = ['--regions-within', '0.5%', '--slabs-within', '2%', '--used-within', '0.1%'];
    const output = await slablab(['verify', file, ...within, '--server-bin', binary, '--json', '--quiet']);
    const { phases, agrees } = JSON.parse(output.stdout) as VerifyResult;
    expect(agrees, JSON.stringify(phases[0]?.idle)).toBe(true);
    expect(phases[0]?.serverKeys).toBe(3);
  });

  for (const width of [40, 80, 120]) {
    withRealServer(`the report keeps to ${width} columns`, async (binary) => {
      const { stdout } = await slablab([...SMALL, ...LOOSE, '--server-bin', binary], { COLUMNS: `${width}` });
      expect(stdout).toMatch(/^class +slabs +server +diff/m);
      expect(stdout).toMatch(/^since idle +lab +server/m);
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
    });
  }

  withRealServer('a build that differs from the server: exit 2', async (binary) => {
    const { exitCode, stderr } = await slablab([
      ...SMALL,
      '--server-bin',
      binary,
      '--build',
      'q3-p14',
      '--quiet',
    ]);
    expect(stderr).toMatch(/--build q3-p14: its quantum is 8, that of \S+ is 16; choose the --build/);
    expect(exitCode).toBe(2);
  });

  withRealServer(
    'a configuration that the server refuses: exit 2, with the end of its log',
    async (binary) => {
      const line = ['--server-config', 'maxmemory lots'];
      const { exitCode, stderr } = await slablab([...SMALL, '--server-bin', binary, ...line, '--quiet']);
      expect(stderr).toMatch(/exited with 1; its log ends:/);
      expect(stderr).toContain('maxmemory lots');
      expect(exitCode).toBe(2);
    },
  );

  withRealServer('Ctrl-C: the server is stopped, and its directory is removed', async (binary) => {
    // A directory of its own, since other tests start servers at the same time.
    const temporary = await mkdtemp(join(directory, 'interrupted-'));
    const child = spawn(process.execPath, [MAIN, ...SMALL, '--settle', '60000', '--server-bin', binary], {
      env: { ...process.env, TMPDIR: temporary },
    });
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (text: Buffer) => text.includes('has started') && resolve());
    });
    expect(await serverDirectories(temporary)).toHaveLength(1);
    const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.on('close', (code, signal) => resolve([code, signal]));
    });
    child.kill('SIGINT');
    expect(await closed).toEqual([130, null]);
    expect(await serverDirectories(temporary)).toEqual([]);
  });
});

function verifyArguments(path: string, binary: string): string[] {
  return ['verify', path, '--server-bin', binary, '--settle', '1000', ...LOOSE, '--json', '--quiet'];
}

describe('slablab verify of a file', () => {
  withRealServer(
    'the same commands reach both sides, except those that would end the server',
    async (binary) => {
      const path = join(directory, 'traffic.resp');
      const commands = Array.from({ length: 30_000 }, (_, key) =>
        respOf('SET', `key:${key}`, 'x'.repeat(key % 300)),
      );
      commands.push(
        respOf('SHUTDOWN', 'NOSAVE'),
        respOf('LPUSH', 'key:1', 'x'),
        respOf('NOT.A.COMMAND', 'x'),
      );
      await writeFile(path, Buffer.concat(commands));
      const args = verifyArguments(path, binary);
      const output = await slablab(args);
      expect(output.stderr).toBe('');
      const result = JSON.parse(output.stdout) as VerifyResult;
      await isValid(result);
      expect(result.phases.map(({ name, serverKeys }) => [name, serverKeys])).toEqual([['end', 30_000]]);
      expect(result.traffic.notSent).toEqual([{ name: 'SHUTDOWN', count: 1 }]);
      expect(result.traffic.errors.map(({ kind, count }) => [kind, count])).toEqual([
        ['WRONGTYPE', 1],
        ['ERR', 1],
      ]);
      expect(result.lab.unknown.map(({ name, count }) => [name.toUpperCase(), count])).toEqual([
        ['NOT.A.COMMAND', 1],
      ]);
      expect(output.exitCode).toBe(0);
    },
  );

  withRealServer(
    'a snapshot is loaded by both sides; one that the server refuses: exit 2, with the reason',
    async (binary) => {
      const path = join(directory, 'dump.rdb');
      const keys = Array.from({ length: 20_000 }, (_, n) =>
        rdb.key(0, `key:${n}`, rdb.str('x'.repeat(n % 300))),
      );
      const empty = rdb.image('', 'REDIS0010');
      // The checksum is omitted, since it takes long to compute.
      const whole = `${empty.slice(0, -9)}${keys.join('')}\xff${'\0'.repeat(8)}`;
      await writeFile(path, whole, 'latin1');
      const args = verifyArguments(path, binary);
      const output = await slablab(args);
      expect(output.stderr).toBe('');
      const result = JSON.parse(output.stdout) as VerifyResult;
      await isValid(result);
      expect(result.phases.map(({ name, serverKeys }) => [name, serverKeys])).toEqual([['end', 20_000]]);
      expect(result.traffic).toMatchObject({ commands: 0, bytes: 0 });
      expect(output.exitCode).toBe(0);

      await writeFile(path, whole.slice(0, -1000), 'latin1');
      const cut = await slablab(args);
      expect(cut.stderr).toMatch(/exited with 1; its log ends:/);
      expect(cut.exitCode).toBe(2);
      expect(await slablab(['verify', path, '--pace', 'stream', '--server-bin', binary])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('--pace stream with'),
      });
    },
  );

  withRealServer('a file in cluster mode, with settings of both sides', async (binary) => {
    const path = join(directory, 'cluster.resp');
    const commands: Uint8Array[] = [];
    for (let n = 0; n < 30_000; n++) {
      commands.push(respOf('SET', `key:${n}`, 'x'.repeat(n % 200)));
      if (n % 5 === 0) commands.push(respOf('HSET', `hash:${n}`, ...'a 1 b 2 c 3'.split(' ')));
    }
    await writeFile(path, Buffer.concat(commands));
    const settings = ['cluster-enabled=yes', 'hash-max-listpack-entries=2', 'maxmemory=7mb'];
    const output = await slablab([
      'verify',
      path,
      '--server-bin',
      binary,
      ...settings.flatMap((setting) => ['--set', setting]),
      ...['--settle', '1000', '--json', '--quiet', ...LOOSE],
    ]);
    expect(output.stderr).toBe('');
    const result = JSON.parse(output.stdout) as VerifyResult;
    expect(result.server.configuration).toEqual(
      expect.arrayContaining(['cluster-enabled yes', 'hash-max-listpack-entries 2', 'maxmemory 7mb']),
    );
    // After the limit is reached, the server refuses further writes, and nothing else.
    expect(result.traffic.errors.map(({ kind }) => kind)).toEqual(['OOM']);
    expect(output.exitCode).toBe(0);
  });

  withRealServer('small files: what they add is the same on both sides', async (binary) => {
    const log = join(directory, 'small.log');
    const lines = Array.from({ length: 300 }, (_, n) => {
      return `${(1_559_238_894 + n / 1000).toFixed(6)} [0 unix:/run/redis.sock] "SET" "key:${n}" "${'x'.repeat(n)}"`;
    });
    await writeFile(log, `OK\n${lines.join('\n')}\n`);
    const dump = join(directory, 'small.rdb');
    const keys = Array.from({ length: 5 }, (_, n) => rdb.key(0, `key:${n}`, rdb.str('x'.repeat(n * 40))));
    await writeFile(
      dump,
      `${rdb.image('', 'REDIS0010').slice(0, -9)}${keys.join('')}\xff${'\0'.repeat(8)}`,
      'latin1',
    );
    for (const [path, more] of [
      [log, []],
      [log, ['--settle', '1000']],
      [dump, []],
    ] as const) {
      const { exitCode, stdout } = await slablab([
        'verify',
        path,
        '--server-bin',
        binary,
        ...more,
        '--json',
        '--quiet',
      ]);
      const result = JSON.parse(stdout) as VerifyResult;
      await isValid(result);
      const [phase] = result.phases;
      // The reply buffer of a client is 16 KiB, and an idle one has 1 KiB. Each side has that of its clients.
      expect(phase!.idle.amounts.usedMemory, JSON.stringify(phase!.idle.memory)).toBeLessThan(5 * 1024);
      expect(exitCode, JSON.stringify(phase!.idle)).toBe(0);
    }
  });

  withRealServer('another server: different without tcaches, too, and exit 1', async (binary) => {
    const path = join(directory, 'sets.resp');
    const commands = Array.from({ length: 3000 }, (_, n) =>
      respOf('SADD', `set:${n}`, ...Array.from({ length: 20 }, (__, m) => `member:${n}:${m}`)),
    );
    await writeFile(path, Buffer.concat(commands));
    const args = ['verify', path, '--server-bin', binary, '--settle', '1000', '--server', 'valkey-8.0'];
    const output = await slablab([...args, '--json']);
    const result = JSON.parse(output.stdout) as VerifyResult;
    await isValid(result);
    expect(output.stderr).toContain('the sides differ: both run again without tcaches');
    expect(result.phases[0]!.withoutTcaches?.exceeded).not.toEqual([]);
    expect(output.exitCode).toBe(1);
  });

  test('a missing file, and an unknown setting for it: exit 2', async () => {
    expect(await slablab(['verify', 'no/such.resp'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no/such.resp'),
    });
    expect(await slablab(['verify', 'no/such.resp', '--set', 'keys=5'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('`keys`'),
    });
  });
});

describe('unusable servers and options: exit 2 and a remedy', () => {
  async function program(name: string, script: string): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }

  test.each([
    ['no such program', 'no-such-server', '--server-bin no-such-server: it is not on PATH; install it'],
    ['no such file', './no/such/server', '--server-bin ./no/such/server: there is no such file'],
    ['a file that is no program', 'package.json', '--server-bin package.json:'],
    ['a program that is no server', 'true', '--server-bin true: answers --version with'],
  ])('%s', async (_, path, message) => {
    const { exitCode, stdout, stderr } = await slablab([...SMALL, '--server-bin', path]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('defect');
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  test('a server without jemalloc', async () => {
    const path = await program(
      'libc',
      'echo "Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=0"',
    );
    const { exitCode, stderr } = await slablab([...SMALL, '--server-bin', path]);
    expect(stderr).toContain('built with libc, which has no size classes to compare');
    expect(exitCode).toBe(2);
  });

  test('a server that exits: the end of its log', async () => {
    const path = await program(
      'dies',
      'case $1 in --version) echo "Redis server v=7.2.4 sha=0:0 malloc=jemalloc-5.3.0 bits=64 build=0";; *) echo "one last word"; exit 3;; esac',
    );
    const { exitCode, stderr } = await slablab([...SMALL, '--server-bin', path]);
    expect(stderr).toContain('exited with 3; its log ends:\none last word');
    expect(exitCode).toBe(2);
  });

  withRealServer('a port that is taken', async (binary) => {
    const listener = createServer();
    const port = await new Promise<number>((resolve) => {
      listener.listen(0, '127.0.0.1', () => resolve((listener.address() as { port: number }).port));
    });
    const { exitCode, stderr } = await slablab([...SMALL, '--server-bin', binary, '--port', `${port}`]);
    listener.close();
    expect(stderr).toContain(`--port ${port}: EADDRINUSE; remove the option to use a free port`);
    expect(exitCode).toBe(2);
  });

  test.each([
    ['unknown workload', ['verify', 'scatered-delete'], 'did you mean `scattered-delete`?'],
    [
      'a threshold without a percent sign',
      [...SMALL, '--slabs-within', '1'],
      '--slabs-within 1: write a percentage',
    ],
    [
      'an unknown baseline',
      [...SMALL, '--baseline', 'zero'],
      '`zero` is not a value of --baseline; known: idle, absolute',
    ],
    ['an unknown build', [...SMALL, '--build', 'q5'], '`q5` is not a build'],
    ['an unknown model', [...SMALL, '--server', 'redis-9'], '`redis-9` is not a server version'],
    ['a negative idle time', [...SMALL, '--settle', '-1'], '--settle -1: must be a whole number'],
    ['a port that verify chooses', [...SMALL, '--server-config', 'port 1'], 'verify sets `port` itself'],
  ])('%s', async (_, args, message) => {
    const path = await program(
      'idle',
      'echo "Redis server v=7.2.4 sha=0:0 malloc=jemalloc-5.3.0 bits=64 build=0"',
    );
    const { exitCode, stderr } = await slablab([...args, '--server-bin', path]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

async function serverDirectories(parent: string): Promise<string[]> {
  return (await readdir(parent)).filter((name) => name.startsWith('slablab-server-'));
}
