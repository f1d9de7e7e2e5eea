/** What a reader sees first on a terminal: the answer of each command, before its tables. */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { withRealServer } from '../support/real-server.js';
import { onTerminal } from '../support/terminal.js';
import { shopDump } from './support/shop.js';

/** The lines in which an answer stands, with the heading above it. */
const ANSWER = 12;
/** The same on 60 columns. */
const NARROW_ANSWER = 16;
const SCREEN = 24;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-screen-'));
  const write = (name: string, content: string | Uint8Array) => writeFile(join(directory, name), content);
  const info = fileURLToPath(new URL('../analysis/servers/fragmented-debian.txt', import.meta.url));
  await copyFile(info, join(directory, 'info.txt'));
  await write('dump.rdb', shopDump(4000));
  const writes = (bytes: number) =>
    Array.from({ length: 4000 }, (_, key) => `SET page:${key} ${'p'.repeat(bytes)}\r\n`);
  const deletions = Array.from({ length: 3000 }, (_, at) => `DEL page:${at + Math.floor(at / 3)}\r\n`);
  await write('traffic.resp', [...writes(900), ...deletions].join(''));
  const suite = { workloads: { pages: { run: 'traffic.resp' } }, configurations: { default: {} } };
  await write('suite.json', JSON.stringify({ name: 'suite', ...suite }));
  await slablab(['bench', 'suite.json', '--update'], {}, directory);
  const results = [300, 3000].map((keys) => ['run', 'scattered-delete', '--set', `keys=${keys}`, '--json']);
  for (const [index, args] of results.entries()) {
    await write(`${index}.json`, (await slablab(args)).stdout);
  }
  await write('traffic.resp', [...writes(1100), ...deletions].join(''));
});
afterAll(() => rm(directory, { recursive: true }));

/** A command line, and what its answer has: what came back or stays, why, what would free it, and how sure that is. */
const ANSWERS: readonly (readonly [line: string, ...parts: readonly RegExp[]])[] = [
  [
    'run traffic.resp',
    /used_memory is [\d.]+ MiB\. [\d.]+ MiB of [\d.]+ MiB cannot come back/,
    /Survivors in class 1,280 pin it/,
    /Active defragmentation would free at most [\d.]+ MiB/,
    /The history in the file, .* modelled as valkey-9\.1/,
  ],
  [
    'run dump.rdb --owners',
    /used_memory is [\d.]+ MiB\. .* of [\d.]+ MiB /,
    /[\d,]+ of [\d,]+ slabs are pinned/,
    /If session:\* were gone, .* would come back: [\d.]+ [KM]iB/,
    /As after a restart from the file: .* Saved by redis 7\.0\.15, and modelled as redis-7\.0/,
  ],
  [
    'whatif dump.rdb --then "unlink session:*" --then purge',
    /After unlink session:\*, then purge: resident [\d.]+ MiB \([\d.]+ [KM]iB less\)/,
    /[\d.]+ [KM]iB of what stays is free room in slabs in use/,
    /Cost: [\d,]+ commands/,
    /As after a restart from the file/,
  ],
  [
    'advise traffic.resp',
    /Turn on active defragmentation: [\d.]+ MiB of [\d.]+ MiB come back, and every key stays/,
    /The history in the file/,
  ],
  [
    'advise dump.rdb',
    /keys that expire anyway can go sooner: .unlink session:\*. gives back [\d.]+ [KM]iB/,
    /As after a restart from the file/,
    /redis-cli INFO ALL/,
  ],
  [
    'size traffic.resp --rss 10mb --process 1mb --policy allkeys-lru',
    /Below 10\.0 MiB with allkeys-lru: maxmemory [\d.]+ MiB, whose peak is [\d.]+ MiB/,
    /1\.0 MiB are the process \(--process\)/,
    /The history in the file/,
  ],
  [
    'sweep traffic.resp --axis dirty_decay_ms=0,10000',
    /Best by steadyResident, then peakResident: cell 0 .*resident [\d.]+ MiB instead of [\d.]+ MiB/,
    /It costs: [\d.]+ [KM]iB purged instead of/,
    /The history in the file/,
    /JE_MALLOC_CONF="dirty_decay_ms:0"/,
  ],
  [
    'compare 0.json 1.json',
    /1 of 1 case moved/,
    /The whole history.*Modelled as redis-7\.2/,
    /used_memory [\d.]+ [KM]iB -> [\d.]+ [KM]iB/,
    /resident/,
  ],
  [
    'bench suite.json',
    /figures? of 1 case compared with suite\.baseline\.json: 1 of 1 case moved/,
    /used_memory [\d.]+ [KM]iB -> [\d.]+ [KM]iB/,
    /worse/,
    /The history in the file/,
  ],
  [
    'explain info.txt',
    /121\.5 MiB resident \(redis 7\.0\.15, jemalloc-5\.3\.0\), 4\.01 times used_memory/,
    /Most of it, 60\.0%, is holes in slabs \(72\.9 MiB\): restart/,
    /Survivors pin slabs .* Class 512 has most/,
    /a restart packs the survivors anew/,
    /As the process counted itself when the text was taken; nothing is modelled/,
  ],
];

/** Reads the first screen as a person would, and looks for the parts of the answer in its first lines. */
async function expectAnswer(line: string, columns: number, parts: readonly RegExp[]): Promise<void> {
  const printed = await onTerminal(`${line} --quiet`, { columns, rows: SCREEN, cwd: directory });
  const screen = stripVTControlCharacters(printed).replaceAll('\r', '').split('\n').slice(0, SCREEN);
  // A line to paste stays whole.
  const text = screen.filter((shown) => !/^ +(\S+-cli|slablab|\w+MALLOC_CONF=) /.test(shown));
  for (const shown of text) expect(shown.length, shown).toBeLessThanOrEqual(columns);
  const lines = columns < 80 ? NARROW_ANSWER : ANSWER;
  const answer = screen.slice(0, lines).join(' ').replaceAll(/ +/g, ' ');
  for (const part of parts) expect(answer, screen.join('\n')).toMatch(part);
}

describe.each([80, 60])('on a terminal of %i columns, the answer comes first', (columns) => {
  for (const [line, ...parts] of ANSWERS) test(line, () => expectAnswer(line, columns, parts));

  withRealServer('verify', (binary) =>
    expectAnswer(`verify scattered-delete --set keys=300 --settle 100 --server-bin "${binary}"`, columns, [
      /The lab (agrees with|DIFFERS from) redis 7\.0\.15/,
      /(Apart at `deleted`: slabs|at `deleted` since idle: )/,
      /The whole history, from the start of a server\. Modelled as redis-7\.0/,
    ]),
  );
});
