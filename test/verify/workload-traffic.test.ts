import { expect, test } from 'vitest';
import { argumentText } from '#slablab/src/commands/index.js';
import { workloadTraffic } from '#slablab/src/verify/workload-traffic.js';
import { findWorkload, parseSettings } from '#slablab/workloads/index.js';

const OPTIONS = { server: 'redis-7.2', settleMs: 100 };

function trafficOf(name: string, settings: readonly string[]) {
  const workload = findWorkload(name);
  return workloadTraffic(workload, parseSettings(workload.parameters, settings), OPTIONS);
}

async function phasesOf(name: string, settings: readonly string[]) {
  const phases: { name: string; commands: string[]; waitUntilMs: number | undefined }[] = [];
  for (const { name: phase, commands, waitUntilMs } of trafficOf(name, settings).phases()) {
    const texts: string[] = [];
    for await (const command of commands)
      texts.push(`${argumentText(command, 0)} ${argumentText(command, 1)}`);
    phases.push({ name: phase, commands: texts, waitUntilMs: waitUntilMs?.() });
  }
  return phases;
}

test('each phase has the commands up to its end', async () => {
  expect(await phasesOf('scattered-delete', ['keys=6'])).toEqual([
    { name: 'populated', commands: ['DEBUG POPULATE'], waitUntilMs: undefined },
    { name: 'deleted', commands: ['DEL key:1', 'DEL key:3', 'DEL key:5'], waitUntilMs: undefined },
  ]);
});

test('random keys are the same on both sides', async () => {
  const settings = ['keys=100', 'order=random', 'drop=0.3'];
  const [, deleted] = await phasesOf('scattered-delete', settings);
  expect(deleted?.commands).toHaveLength(30);
  expect(await phasesOf('scattered-delete', settings)).toEqual(await phasesOf('scattered-delete', settings));
});

test('a phase that waits gives the time to wait for', async () => {
  const phases = await phasesOf('ttl-storm', ['keys=100']);
  const waits = phases.map(({ waitUntilMs = 0 }) => waitUntilMs);
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits[1]).toBeGreaterThan(60_000);
});

test('a workload of allocator operations has no commands to send', () => {
  expect(() => trafficOf('violation-sweep', [])).toThrow(
    'violation-sweep: this workload drives the allocator itself and has no commands to send to a server; verify one of: scattered-delete',
  );
});
