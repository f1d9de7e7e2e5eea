import { describe, expect, test } from 'vitest';
import {
  type PinReport,
  pinReport,
  regionsByRow,
  type SlabOwners,
  slabOwners,
} from '#slablab/src/analysis/index.js';
import type { RegionOwner } from '#slablab/src/analysis/region-owner.js';
import { describeOwner, ownerName } from '#slablab/src/analysis/region-owner.js';
import { Random } from '#slablab/src/base/index.js';
import { NOWHERE, type Snapshot } from '#slablab/src/engine/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { type AttributionCopy, ownerWordOf } from '#slablab/src/model/index.js';
import { run } from '#slablab/src/run/run.js';
import { RunAccounts } from '#slablab/src/run/run-accounts.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { workloadSource } from '#slablab/src/run/workload-source.js';
import { findWorkload, parseSettings } from '#slablab/workloads/index.js';
import { accountedServer, randomCommands } from '../support/accounted-server.js';
import { printedSeed } from '../support/seed.js';

const nameOf = ({ pattern, subject, kind }: RegionOwner) => `${pattern} ${subject} ${kind}`;

describe('scattered-delete', () => {
  async function owners(runtime: 'wasm' | 'native', worker: boolean): Promise<RunResult['phases']> {
    const workload = findWorkload('scattered-delete');
    const accounts = new RunAccounts({ owners: true, patterns: [], slab: undefined });
    const values = parseSettings(workload.parameters, ['keys=3000']);
    const source = workloadSource(workload, values, 'redis-7.2', { accounts });
    const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime, worker });
    try {
      const options = { conf: '', hooks: 'complete', sweepEvery: 0, accounts } as const;
      return (await run(source, engine, options)).result.phases;
    } finally {
      await engine.close();
    }
  }

  test('the obvious truth: every slab of values is pinned by values of key:* alone', async () => {
    const [populated, deleted] = await owners('wasm', false);
    for (const [phase, regions] of [
      [populated, 3000],
      [deleted, 1500],
    ] as const) {
      const bin = phase?.bins.find(({ size }) => size === 1024);
      const value = phase?.owners?.owners.find((owner) => owner.size === 1024);
      expect(value).toMatchObject({
        pattern: 'key:*',
        subject: 'string',
        kind: 'value string',
        regions,
        slabs: bin?.curslabs,
        alone: bin?.curslabs,
        aloneBytes: bin!.curslabs * 4096,
        together: [],
      });
    }
    const first = deleted?.owners?.patterns[0];
    expect(first).toMatchObject({ pattern: 'key:*', subject: null });
    expect(first?.alone).toBeGreaterThanOrEqual(750);
    expect(first?.ages).toMatchObject({ youngestCommands: 1500, oldestCommands: 1500 });
  });

  test('whoever takes snapshots gets the owners of each slab: values live among themselves', async () => {
    const workload = findWorkload('scattered-delete');
    const accounts = new RunAccounts({ owners: true, patterns: [], slab: undefined });
    const values = parseSettings(workload.parameters, ['keys=3000']);
    const source = workloadSource(workload, values, 'redis-7.2', { accounts });
    const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
    const phases: string[] = [];
    const onSnapshot = (phase: string, { granules }: Snapshot, owners: SlabOwners | null) => {
      phases.push(phase);
      const { first, owner, regions, names } = owners!;
      const sizeClass = engine.info.sizeClasses.indexOf(1024);
      for (let row = 0; row < granules.count; row++) {
        if (granules.sizeClass[row] !== sizeClass || granules.live[row] === 0) continue;
        expect([...owner.subarray(first[row]!, first[row + 1]!)].map((n) => names[n])).toEqual([
          'key:* value string',
        ]);
        expect(regions[first[row]!]).toBe(granules.live[row]);
      }
    };
    const options = { conf: '', hooks: 'complete', sweepEvery: 0, accounts, onSnapshot } as const;
    const { result } = await run(source, engine, options);
    expect(phases).toEqual(result.phases.map(({ name }) => name));
    await engine.close();
  });

  test('is the same in every form of the engine', async () => {
    const inThread = await owners('wasm', false);
    expect(await owners('wasm', true)).toEqual(inThread);
    expect(await owners('native', false)).toEqual(inThread);
  });
});

/** The same figures, by going through all handles for each slab. */
function naively(places: Uint32Array, origins: AttributionCopy, nameOfWord: (word: number) => string) {
  const slabs = new Map<number, Set<string>>();
  for (const [handle, page] of places.entries()) {
    if (page === NOWHERE) continue;
    const there = slabs.get(page) ?? new Set();
    slabs.set(page, there.add(nameOfWord(ownerWordOf(origins, handle))));
  }
  const pins = new Map<string, { slabs: number; alone: number }>();
  for (const there of slabs.values()) {
    for (const name of there) {
      const counts = pins.get(name) ?? { slabs: 0, alone: 0 };
      pins.set(name, { slabs: counts.slabs + 1, alone: counts.alone + (there.size === 1 ? 1 : 0) });
    }
  }
  return pins;
}

test('agrees with a naive count, over random commands of all types', async () => {
  const random = new Random(printedSeed('pins'));
  const { engine, memoryAccounts, execute, executeAs, server, writer } = await accountedServer('redis-7.2');
  try {
    const next = randomCommands(random);
    for (let step = 0; step < 3000; step++) executeAs(0, server.nowMs + random.below(3), ...next());
    execute('DISCARD');
    for (const chunk of writer.takeAll()) await engine.replay(chunk);
    const { granules, virtualMs } = await engine.survey(0);
    const places = await engine.locate();
    const { attribution } = memoryAccounts.copy();
    if (attribution === undefined) throw new Error('origins are kept');
    const slab = granules.page[random.below(granules.count)]!;
    const regions = regionsByRow(granules, places);
    const report: PinReport = pinReport({
      granules,
      virtualMs,
      regions,
      attribution,
      info: engine.info,
      slab,
    });

    const patterns = naively(places, attribution, (word) => {
      const pattern = attribution.patterns[word >>> 10]!;
      return pattern === '' ? `subject ${(word >>> 6) & 15}` : pattern;
    });
    for (const { pattern, slabs, alone } of report.patterns) {
      if (pattern !== null) expect({ slabs, alone, pattern }).toEqual({ ...patterns.get(pattern), pattern });
    }
    expect(report.patterns.filter(({ pattern }) => pattern !== null).length).toBe(
      [...patterns.keys()].filter((name) => !name.startsWith('subject')).length,
    );
    const owned = report.owners.reduce((sum, owner) => sum + owner.regions, 0);
    expect(owned).toBe([...granules.live].reduce((sum, live) => sum + live, 0));
    expect(report.owners.reduce((sum, owner) => sum + owner.bytes, 0)).toBe(
      report.patterns.reduce((sum, pattern) => sum + pattern.bytes, 0),
    );
    // Whoever is together with somebody is so both ways, and the survivors are the slab's.
    for (const owner of report.owners) {
      expect(owner.alone).toBeLessThanOrEqual(owner.slabs);
      expect(owner.together.map(nameOf)).not.toContain(nameOf(owner));
    }
    expect(report.slab?.survivors.reduce((sum, survivor) => sum + survivor.regions, 0)).toBe(
      report.slab?.live,
    );

    // Owners of each slab: the same regions, slab by slab.
    const owners = slabOwners({ granules, regions, attribution });
    const bySlab: Record<string, number>[] = Array.from({ length: granules.count }, () => ({}));
    for (const [handle, page] of places.entries()) {
      if (page === NOWHERE) continue;
      const there = bySlab[granules.page.indexOf(page)]!;
      const name = ownerName(describeOwner(ownerWordOf(attribution, handle), attribution));
      there[name] = (there[name] ?? 0) + 1;
    }
    for (let row = 0; row < granules.count; row++) {
      const range = [owners.first[row]!, owners.first[row + 1]!] as const;
      const counts = [...owners.regions.subarray(...range)];
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(granules.live[row]);
      const names = [...owners.owner.subarray(...range)].map((number) => owners.names[number]!);
      const { '(allocator) of its own': own, ...rest } = Object.fromEntries(
        names.map((name, i) => [name, counts[i]]),
      );
      expect(rest).toEqual(bySlab[row]);
      expect(own).not.toBe(0);
    }
    expect(new Set(owners.names).size).toBe(owners.names.length);
  } finally {
    await engine.close();
  }
});
