import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explain } from '#slablab/src/analysis/index.js';
import { KNOWN_BUILDS } from '#slablab/src/engine/index.js';
import { findServer } from '#slablab/src/model/index.js';
import { explainReport } from '#slablab/src/report/index.js';
import { parseSettings, WORKLOADS } from '#slablab/workloads/index.js';
import { recorded, recordedInfo } from '../analysis/recorded.js';

async function report(name: string, width: number, infoOnly = false): Promise<string> {
  const text = infoOnly ? await recordedInfo(name) : await recorded(name);
  return explainReport(explain([{ name, text }]), { width, colours: 'none' });
}

const SERVERS = [
  'fragmented-debian',
  'fragmented-valkey-8.0.1',
  'mass-delete-redis-7.2.6',
  'healthy-redis-7.2.6',
  'lua-redis-7.2.6',
  'clients-valkey-8.0.1',
  'untouched-redis-7.2.6',
  'libc-redis-7.2.6',
  'parked-valkey-8.0.1',
  'padding-redis-7.0.15',
];

describe('explainReport', () => {
  test('the first screen has the largest part, its cause, and a command for each side', async () => {
    const lines = (await report('fragmented-redis-7.2.6', 80)).split('\n');
    expect(lines.slice(0, 2).join('\n')).toMatch(
      /^\d+\.\d MiB resident \(redis 7\.2\.6, jemalloc-5\.3\.0\), \d\.\d\d times used_memory\.\nMost of it, 6\d\.\d%, is holes in slabs \(7\d\.\d MiB\): defrag\.$/,
    );
    const head = lines.slice(0, lines.indexOf('')).join('\n');
    expect(head).toContain('Survivors pin slabs');
    expect(head).toMatch(/^server: redis-cli CONFIG SET activedefrag yes$/m);
    expect(head).toMatch(/^lab: +slablab run scattered-delete --server redis-7\.2 --build q3/m);
    expect(head.split('\n').length).toBeLessThan(12);
  });

  test('a program without background threads has the option of its jemalloc, and a server its own', () => {
    const file = new URL('../analysis/programs/jq-5.3.0-json.txt', import.meta.url);
    const explanation = explain([{ name: 'jq', text: readFileSync(file, 'utf8') }]);
    const text = explainReport(explanation, { width: 200, colours: 'none' });
    expect(text).toContain('as the program allocates and frees (MALLOC_CONF=background_thread:true)');
  });

  test('reports that nothing needs to be done', async () => {
    expect(await report('healthy-redis-7.2.6', 120)).toMatch(
      /^Most of it, 9\d\.\d%, is live data \(104\.\d MiB\); nothing else is worth acting on\.$/m,
    );
  });

  test('a text without the RSS gives no verdict on what the process holds beyond it', () => {
    const explanation = explain([{ name: 'INFO', text: 'used_memory:104857600\n' }]);
    expect(explainReport(explanation, { width: 120, colours: 'none' })).toMatch(
      /^Most of it, 100\.0%, is live data .*; what the process holds beyond that, the text does not tell\.$/m,
    );
  });

  test('names the part to act on if the largest part is data', async () => {
    expect(await report('padding-redis-7.0.15', 120)).toMatch(
      /^Most of it, .* is live data \(.*\)\. What can be acted on is page padding \(.*\): change key design\.$/m,
    );
  });

  test('INFO alone: lists what MEMORY MALLOC-STATS would add', async () => {
    const text = await report('fragmented-valkey-8.0.1', 80, true);
    expect(text).toContain('From INFO alone. With what `valkey-cli MEMORY MALLOC-STATS`');
    expect(text).not.toMatch(/^class +holes/m);
  });

  test('INFO alone counts page padding as holes, which is noted for large values', async () => {
    const padded = 'a page that jemalloc adds to each of them';
    expect((await report('padding-redis-7.0.15', 80, true)).replaceAll('\n', ' ')).toContain(padded);
    expect((await report('fragmented-debian', 80, true)).replaceAll('\n', ' ')).not.toContain(padded);
  });

  test('lists holes by class only if holes need action', async () => {
    expect(await report('fragmented-debian', 80)).toMatch(/^class +holes +slabs +regions +used\n512 /m);
    expect(await report('mass-delete-redis-7.2.6', 80)).not.toMatch(/^class/m);
  });

  for (const width of [40, 60, 80]) {
    test.each(SERVERS)(`%s fits ${width} columns`, async (name) => {
      for (const line of (await report(name, width)).split('\n')) {
        expect(line.length, line).toBeLessThanOrEqual(width);
      }
    });
  }

  const pasted = ['pastes', 'programs'].flatMap((folder) => {
    const directory = new URL(`../analysis/${folder}/`, import.meta.url);
    return readdirSync(directory)
      .filter((file) => !file.includes('envoy'))
      .map((file) => [file, readFileSync(new URL(file, directory), 'utf8')] as const);
  });
  for (const width of [40, 60, 100]) {
    test.each(pasted)(`%s fits ${width} columns`, (name, text) => {
      const lines = explainReport(explain([{ name, text }]), { width, colours: 'none' }).split('\n');
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width);
      // The verdict comes first.
      expect(lines.slice(0, 7).join(' ')).toMatch(/is .*(?:: \w|worth acting on)/);
    });
  }

  test('the table fits 60 columns with its verdicts', async () => {
    for (const name of SERVERS) expect(await report(name, 60)).toMatch(/^part of RSS .*verdict$/m);
  });

  test.each(SERVERS)('%s: the lab accepts every recommended command', async (name) => {
    for (const text of [await recorded(name), await recordedInfo(name)]) {
      const commands = explain([{ name, text }]).parts.flatMap(({ lab }) => lab ?? []);
      for (const command of commands) {
        const words = command.split(' ');
        const valuesOf = (option: string) => words.filter((_, index) => words[index - 1] === option);
        expect(words.slice(0, 2)).toEqual(['slablab', 'run']);
        const workload = WORKLOADS.find((each) => each.name === words[2]);
        if (workload === undefined) throw new Error(`no workload ${words[2]}`);
        parseSettings(workload.parameters, valuesOf('--set'));
        expect(KNOWN_BUILDS).toContain(valuesOf('--build')[0]);
        for (const server of valuesOf('--server')) expect(findServer(server)).toBeDefined();
      }
    }
  });
});
