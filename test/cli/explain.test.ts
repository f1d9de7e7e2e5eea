import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Explanation } from '#slablab/src/analysis/index.js';
import { readTexts } from '#slablab/src/cli/read-texts.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { inTwo } from '../analysis/recorded.js';
import { slablab } from '../support/cli.js';

function fixture(name: string): string {
  return fileURLToPath(new URL(`../analysis/servers/${name}.txt`, import.meta.url));
}

async function isValid(result: unknown): Promise<void> {
  const schema = new URL('../../src/analysis/explain/explanation.schema.json', import.meta.url);
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(await readFile(schema, 'utf8')) as object,
  );
  validate(result);
  expect(validate.errors ?? []).toEqual([]);
}

function utf16(text: string, isBig: boolean, mark: string): Buffer {
  const bytes = Buffer.from(mark + text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
}

describe('files in every form', () => {
  const forms: [string, (text: string) => Uint8Array][] = [
    ['gzip', (text) => gzipSync(text)],
    ['UTF-16, little end first', (text) => utf16(text, false, '\uFEFF')],
    ['UTF-16, big end first', (text) => utf16(text, true, '\uFEFF')],
    ['UTF-16 without a mark', (text) => utf16(text, false, '')],
    ['UTF-16 without a mark, big end first', (text) => utf16(text, true, '')],
    ['UTF-16 in gzip', (text) => gzipSync(utf16(text, false, '\uFEFF'))],
    ['gzip in gzip', (text) => gzipSync(gzipSync(text))],
    [
      'single bytes',
      (text) => Buffer.from(`Fragmentierung h\u00F6her als gew\u00F6hnlich\n\u00A0${text}`, 'latin1'),
    ],
  ];
  test.each(forms)('%s', async (_, encode) => {
    const text = await readFile(fixture('fragmented-redis-7.2.6'), 'utf8');
    const directory = await mkdtemp(join(tmpdir(), 'explain-'));
    try {
      const path = join(directory, 'info.txt');
      await writeFile(path, encode(text));
      const { exitCode, stdout, stderr } = await slablab(['explain', path, '--json']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const result = JSON.parse(stdout) as Explanation;
      expect(result.act).toBe('holes');
      expect(result.classes?.[0]?.size).toBe(512);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('damaged gzip is named', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'explain-'));
    try {
      const path = join(directory, 'info.gz');
      await writeFile(path, gzipSync('used_memory:1\n'.repeat(1000)).subarray(0, 30));
      const { exitCode, stderr } = await slablab(['explain', path]);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/info\.gz: compressed by gzip, but damaged \(.*\); give the whole file/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('explain redis://', () => {
  /** Answers as a server: INFO and MEMORY MALLOC-STATS with texts, everything else with OK or the given error. */
  async function withServer<T>(
    answers: { readonly info: string; readonly stats: string | null; readonly password?: string },
    use: (port: number) => Promise<T>,
  ): Promise<T> {
    const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
    const listener = createServer((socket) => {
      let isAllowed = answers.password === undefined;
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        const words = bytes
          .toString()
          .split('\r\n')
          .filter((_, at) => at > 0 && at % 2 === 0);
        if (words[0] === 'AUTH') isAllowed = words[1] === answers.password;
        if (!isAllowed) socket.write('-NOAUTH Authentication required.\r\n');
        else if (words[0] === 'INFO') socket.write(bulk(answers.info));
        else if (words[0] !== 'MEMORY') socket.write('+OK\r\n');
        else socket.write(answers.stats === null ? "-ERR unknown command 'MEMORY'\r\n" : bulk(answers.stats));
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    try {
      return await use((listener.address() as AddressInfo).port);
    } finally {
      await new Promise((resolve) => listener.close(resolve));
    }
  }

  test('asks a server for both, with the answer of the files', async () => {
    const { info, stats } = await inTwo('fragmented-redis-7.2.6');
    const asked = await withServer({ info, stats, password: 'secret' }, (port) =>
      slablab(['explain', `redis://:secret@127.0.0.1:${port}`]),
    );
    expect(asked).toEqual(await slablab(['explain', fixture('fragmented-redis-7.2.6')]));
  });

  test('a server without MEMORY MALLOC-STATS is explained by INFO alone', async () => {
    const { info } = await inTwo('fragmented-redis-7.2.6');
    const { stdout } = await withServer({ info, stats: null }, (port) =>
      slablab(['explain', `redis://127.0.0.1:${port}`]),
    );
    expect(stdout).toContain('From INFO alone.');
  });

  test('what a server refuses is named, without the password', async () => {
    const answers = { info: '', stats: null, password: 'secret' };
    await withServer(answers, async (port) => {
      const { exitCode, stderr } = await slablab(['explain', `redis://127.0.0.1:${port}`]);
      expect(exitCode).toBe(2);
      expect(stderr).toBe(
        `slablab: explain redis://127.0.0.1:${port}: the server answered INFO with an error: NOAUTH Authentication required.\n`,
      );
      const wrong = await slablab(['explain', `redis://:wrong@127.0.0.1:${port}`]);
      expect(wrong.stderr).toMatch(/the server answered AUTH with an error: NOAUTH/);
      expect(wrong.stderr).not.toContain('wrong');
    });
  });

  test('a port that nobody listens on is named', async () => {
    const port = await withServer({ info: '', stats: null }, async (open) => open);
    const { exitCode, stderr } = await slablab(['explain', `redis://127.0.0.1:${port}`]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /explain redis:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED.*; does a server listen there\?/,
    );
  });
});

describe('slablab explain', () => {
  test.each([
    'fragmented-debian',
    'half-decayed-redis-6.0.16',
    'padding-redis-7.0.15',
    'parked-valkey-8.0.1',
    'untouched-redis-7.2.6',
    'libc-redis-7.2.6',
  ])('--json follows its schema: %s', async (name) => {
    const { exitCode, stdout, stderr } = await slablab(['explain', fixture(name), '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const result = JSON.parse(stdout) as Explanation;
    await isValid(result);
    await expect(isValid({ ...result, extra: 1 })).rejects.toThrow();
    expect(result.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(result.rss);
  });

  test.each([
    'pastes/f01-nan-lab-line.txt',
    'pastes/f05-stats-truncated.txt',
    'pastes/f09-redis4-lua-43g.txt',
    'pastes/f10-used-memory-wrapped.txt',
    'pastes/f11-keydb-fragmented.txt',
    'pastes/f13-memory-stats.txt',
    'pastes/f14-dragonfly.txt',
    'pastes/f17-program-stats-alone.txt',
    'programs/2-clickhouse-jemalloc_bins.tsv',
    'programs/4-jemalloc-1098-large.txt',
    'programs/7-docker-ruby-182-bins.txt',
    'programs/jq-5.3.0-json.txt',
  ])('--json of coarse answers follows its schema: %s', async (file) => {
    const path = fileURLToPath(new URL(`../analysis/${file}`, import.meta.url));
    const { stdout, stderr } = await slablab(['explain', path, '--json']);
    expect(stderr).toBe('');
    const result = JSON.parse(stdout) as Explanation;
    await isValid(result);
    expect(result.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(result.total);
  });

  test('a pipe, a file and `-` give the same bytes', async () => {
    const { info, stats } = await inTwo('fragmented-debian');
    const piped = await slablab(['explain'], {}, undefined, info + stats);
    expect(piped.exitCode).toBe(0);
    expect(piped.stdout).toMatch(/holes in slabs .*: restart\./);
    expect(await slablab(['explain', fixture('fragmented-debian')])).toEqual(piped);
    expect(await slablab(['explain', '-'], {}, undefined, info + stats)).toEqual(piped);
  });

  test.each([
    [
      'empty standard input',
      [],
      '',
      'slablab: standard input: empty; give what `redis-cli INFO memory` prints\n',
    ],
    ['a missing file', ['no-such.txt'], '', /^slablab: no-such\.txt: ENOENT.*; name a readable text file\n$/],
    ['a directory', ['src'], '', /^slablab: src: EISDIR.*; name a readable text file\n$/],
    ['a file twice', ['a.txt', 'a.txt'], '', 'slablab: a.txt: named twice; name each file once\n'],
    ['an unknown option', ['--jsn'], '', /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  ])('%s: exit 2', async (_, args, input, message) => {
    const { exitCode, stdout, stderr } = await slablab(['explain', ...args], {}, undefined, input);
    if (message instanceof RegExp) expect(stderr).toMatch(message);
    else expect(stderr).toBe(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  test('a terminal as standard input is refused with a remedy, unless `-` asks for it', async () => {
    const terminal = Object.assign((async function* () {})(), { isTTY: true });
    await expect(readTexts([], {}, terminal)).rejects.toThrow(
      'try `redis-cli INFO memory | slablab explain`',
    );
    // `-` reads a terminal, for pasted text.
    await expect(readTexts(['-'], {}, terminal)).resolves.toEqual([{ name: 'standard input', text: '' }]);
  });

  test('endless input is refused', async () => {
    const endless = (async function* () {
      for (;;) yield Buffer.alloc(1024 * 1024, 'x');
    })();
    await expect(readTexts(['-'], {}, endless)).rejects.toThrow('standard input: longer than 16.0 MiB');
  });

  test('the recommended command shows the same holes in the lab', async () => {
    const { parts, classes } = JSON.parse(
      (await slablab(['explain', fixture('fragmented-redis-7.2.6'), '--json'])).stdout,
    ) as Explanation;
    const command = parts.find(({ name }) => name === 'holes')?.lab?.split(' ') ?? [];
    const { stdout } = await slablab([...command.slice(1), '--json', '--quiet']);
    const lab = (JSON.parse(stdout) as RunResult).phases.at(-1)?.bins.find(({ size }) => size === 512);
    const server = classes?.find(({ size }) => size === 512);
    expect(lab?.curslabs).toBeDefined();
    // The real server drew its deletions from other random numbers.
    expect((lab?.curslabs ?? 0) / (server?.slabs ?? 1)).toBeCloseTo(1, 2);
    expect((lab?.curregs ?? 0) / ((lab?.curslabs ?? 0) * (lab?.regs ?? 1))).toBeCloseTo(server?.util ?? 0, 2);
  });
});
