import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { type Finding, findWorkload, parseSettings } from '#slablab/workloads/index.js';
import { slablab } from '../support/cli.js';
import { onJemalloc } from '../support/on-jemalloc.js';

const workload = findWorkload('storm-crd');

async function findingsOf(...settings: readonly string[]): Promise<readonly Finding[]> {
  const sets = settings.flatMap((setting) => ['--set', setting]);
  const { stdout, exitCode } = await slablab(['run', 'storm-crd', '--json', '--quiet', ...sets]);
  expect(exitCode).toBe(0);
  return (JSON.parse(stdout) as RunResult).findings ?? [];
}

function rowsOf(findings: readonly Finding[], title: string): Finding['rows'] {
  return findings.find((finding) => finding.title.startsWith(title))?.rows ?? [];
}

test('the table in docs/storm-incident.md is what the command prints', async () => {
  const findings = await findingsOf();
  const page = await readFile(new URL('../../docs/storm-incident.md', import.meta.url), 'utf8');
  for (const [hypothesis, used, resident] of rowsOf(findings, 'What each hypothesis adds')) {
    expect(page).toContain(`| ${hypothesis} | ${mebibytes(used)} | ${mebibytes(resident)} |`);
  }
  const verdicts = new Map(
    rowsOf(findings, "The report's claims").map(([claim, verdict]) => [claim, verdict]),
  );
  expect([...verdicts.values()].filter((verdict) => verdict === 'confirmed')).toEqual([]);
  expect(verdicts.get('unflushed tests are the cause')).toBe('partly');
  expect(verdicts.get('Redis uses 2 GB')).toBe('refuted');
});

function mebibytes(bytes: unknown): string {
  return `${((bytes as number) / 2 ** 20).toFixed(1)} MiB`.replace('-0.0', '0.0');
}

test('what would be 2 GB is found to be 2 GB', async () => {
  const findings = await findingsOf('crdBytes=1100000', 'spread=0', 'maxmemoryMb=0');
  const claims = rowsOf(findings, "The report's claims");
  expect(claims.find(([claim]) => claim === 'Redis uses 2 GB')?.[1]).toBe('confirmed');
});

test('at its limit a server refuses, whatever the allocator holds', async () => {
  const patterns = rowsOf(await findingsOf('maxmemoryMb=20'), 'Keys by pattern');
  const crds = patterns.find(([pattern]) => pattern === 'storm:crd:*')?.[1];
  expect(crds).toBeGreaterThan(500);
  expect(crds).toBeLessThan(650);
});

test('keys by pattern, biggest keys, and INFO in each phase', async () => {
  const findings = await findingsOf('tests=10', 'spread=0');
  expect(rowsOf(findings, 'Keys by pattern').map(([pattern, keys]) => [pattern, keys])).toEqual([
    ['storm:crd:*', 200],
    ['storm:*', 50],
    ['dedup:*', 200],
    ['rate:*', 100],
  ]);
  // MEMORY USAGE as redis-server 7.2.6 says it: value 32768, object 16, entry 24, name 48.
  expect(rowsOf(findings, 'Biggest keys')[0]?.slice(1)).toEqual([30_001, 32_856]);
  expect(rowsOf(findings, 'INFO memory').map(([phase]) => phase)).toEqual(
    workload.phases.map(({ name }) => name),
  );
});

test.each([
  ['a flush before each test', ['flush=each'], 20],
  ['tests further apart than a time to live', ['testMs=320000'], 20],
  ['nothing of either', [], 400],
])('%s leaves as many CRDs', async (_, settings, crds) => {
  const { phases } = await onJemalloc(workload, ['tests=20', 'spread=0', ...settings]);
  const done = phases.find(({ name }) => name === 'tests-done');
  const live = done?.large.find(({ size }) => size === 32_768)?.count ?? 0;
  // One of the server's own is of that size.
  expect(live).toBeGreaterThanOrEqual(crds);
  expect(live).toBeLessThanOrEqual(crds + 2);
});

test('every variant differs from the main run, and passes its own checks', () => {
  const values = parseSettings(workload.parameters, []);
  for (const variant of workload.study?.variants(values) ?? []) {
    expect(variant.values, variant.name).not.toEqual(values);
    expect(() => workload.check(variant.values)).not.toThrow();
  }
});

test('sweeps between the phases change no finding', async () => {
  const settings = ['run', 'storm-crd', '--json', '--quiet', '--set', 'tests=2', '--set', 'crds=4'];
  const read = ({ stdout }: { readonly stdout: string }) => (JSON.parse(stdout) as RunResult).findings;
  const plain = read(await slablab(settings));
  expect(plain?.length).toBeGreaterThan(3);
  expect(read(await slablab([...settings, '--sweep-every', '200']))).toEqual(plain);
});
