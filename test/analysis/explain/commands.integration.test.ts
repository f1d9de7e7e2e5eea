import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Explanation, explain } from '#slablab/src/analysis/index.js';
import { InputError, Random } from '#slablab/src/base/index.js';
import { KNOWN_BUILDS } from '#slablab/src/engine/index.js';
import { findServer } from '#slablab/src/model/index.js';
import { parseSettings, WORKLOADS } from '#slablab/workloads/index.js';
import { slablab } from '../../support/cli.js';

const FOLDERS = ['servers', 'pastes', 'programs'];

function fixtures(): string[] {
  return FOLDERS.flatMap((folder) => {
    const directory = new URL(`../${folder}/`, import.meta.url);
    return readdirSync(directory).map((file) => readFileSync(new URL(file, directory), 'utf8'));
  });
}

/** Texts of INFO with figures and fields drawn at random, each of which may be missing. */
function generated(random: Random): string {
  const size = () => Math.floor(10 ** (5 + random.below(6000) / 1000));
  const allocated = size();
  const active = allocated + Math.floor((allocated * random.below(300)) / 100);
  const resident = active + Math.floor((active * random.below(150)) / 100);
  const lines = [
    `redis_version:${['4.0.14', '5.0.7', '6.2.8', '7.0.15', '7.2.6', '8.6.3'][random.below(6)]}`,
    ['', 'valkey_version:8.0.1', 'valkey_version:9.1.2', 'executable:/usr/bin/keydb-server'][random.below(4)],
    `used_memory:${Math.floor((allocated * (50 + random.below(50))) / 100)}`,
    `used_memory_rss:${Math.floor((resident * (60 + random.below(120))) / 100)}`,
    `used_memory_peak:${allocated * 2}`,
    `allocator_allocated:${allocated}`,
    `allocator_active:${active}`,
    `allocator_resident:${resident}`,
    `used_memory_lua:${random.below(2) === 0 ? 31_744 : size()}`,
    `mem_clients_normal:${random.below(2) === 0 ? 0 : size()}`,
    `mem_clients_slaves:${random.below(3) === 0 ? size() : 0}`,
    `mem_aof_buffer:${random.below(5) === 0 ? size() : 0}`,
    `mem_allocator:${['jemalloc-5.1.0', 'jemalloc-5.2.1', 'jemalloc-5.3.0', 'jemalloc-4.0.3', 'libc'][random.below(5)]}`,
    `db0:keys=${size()},expires=0,avg_ttl=0`,
    `active_defrag_running:${random.below(4) === 0 ? 25 : 0}`,
  ];
  return lines.filter(() => random.below(12) > 0).join('\n');
}

function explained(text: string): Explanation | null {
  try {
    return explain([{ name: 'text', text }]);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return null;
  }
}

const random = new Random(11);
const TEXTS = [...fixtures(), ...Array.from({ length: 400 }, () => generated(random))];
const PARTS = TEXTS.flatMap((text) => explained(text)?.parts ?? []);
const LABS = [...new Set(PARTS.flatMap(({ lab }) => lab ?? []))];
const SERVER = [...new Set(PARTS.flatMap(({ server }) => server))];

/** A command without its figures. Commands of one shape run, or fail, together. */
function shapeOf(command: string): string {
  return command.replaceAll(/=[\d.]+/g, '=N');
}

const valuesOf = (command: string, option: string) => {
  const words = command.split(' ');
  return words.filter((_, index) => words[index - 1] === option);
};

describe('commands of the lab', () => {
  test('each has a workload, settings, a build and a server that there are', () => {
    expect(LABS.length).toBeGreaterThan(100);
    for (const command of LABS) {
      expect(command).not.toMatch(/NaN|Infinity|undefined|null|object/);
      const [program, run, name] = command.split(' ');
      expect([program, run]).toEqual(['slablab', 'run']);
      const workload = WORKLOADS.find((each) => each.name === name);
      if (workload === undefined) throw new Error(`no workload ${name}`);
      parseSettings(workload.parameters, valuesOf(command, '--set'));
      expect(KNOWN_BUILDS).toContain(valuesOf(command, '--build')[0]);
      for (const server of valuesOf(command, '--server')) expect(findServer(server), server).toBeDefined();
    }
  });

  const shapes = new Map(LABS.map((command) => [shapeOf(command), command]));
  test.each([...shapes])('%s runs', async (_, command) => {
    // A twentieth of the keys takes a fraction of the time.
    const small = command.replace(/keys=(\d+)/, (_, keys: string) => `keys=${Math.min(Number(keys), 2000)}`);
    const { exitCode, stderr } = await slablab([...small.split(' ').slice(1), '--json', '--quiet']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

test('commands for the server are of few kinds, and none has a placeholder but the process', () => {
  const kinds = new Set(SERVER.map((command) => command.replace(/^\w+-cli /, 'cli ')));
  expect([...kinds].sort()).toEqual([
    'cli --memkeys',
    'cli CLIENT LIST',
    'cli CONFIG SET active-defrag-ignore-bytes 1mb',
    'cli CONFIG SET activedefrag yes',
    'cli INFO memory',
    'cli INFO persistence',
    'cli INFO replication',
    'cli MEMORY MALLOC-STATS',
    'cli MEMORY PURGE',
    'cli SCRIPT FLUSH',
    'grep -E "^(Rss|Anonymous|AnonHuge)" /proc/PID/smaps_rollup',
  ]);
});
