import { describe, expect } from 'vitest';
import { takeCensus } from '#slablab/src/analysis/index.js';
import { CommandLog } from '#slablab/src/commands/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { findServer } from '#slablab/src/model/index.js';
import { respLength, writeResp } from '#slablab/src/resp/request-writer.js';
import type { Connection } from '#slablab/src/resp/resp-client.js';
import { operationsOf } from '#slablab/src/run/workload-operations.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { findWorkload, parseSettings } from '#slablab/workloads/index.js';
import { PATIENCE, withRealServer } from '../support/real-server.js';

const workload = findWorkload('storm-crd');
/** All of its commands at once: what a server holds when the tests are done does not depend on how long they took. */
const VALUES = parseSettings(workload.parameters, ['testMs=20']);

interface Figures {
  readonly growth: number;
  /** MEMORY USAGE of three keys. */
  readonly usage: readonly (number | undefined)[];
  /** Most that Lua held; the lab has none. */
  readonly lua: number;
}

const KEYS = ['storm:crd:HighCPUUsage in production 91:19', 'dedup:fingerprint:7', 'rate:192.0.2.3'];

describe('the storm incident on a real server', () => {
  withRealServer('used_memory and MEMORY USAGE as in the lab; Lua keeps nothing', async (path) => {
    const [server, lab] = [await onServer(path), await inLab()];
    expect(Math.abs(lab.growth / server.growth - 1)).toBeLessThan(0.005);
    expect(lab.usage).toEqual(server.usage);
    // The report fears 220 MB.
    expect(server.lua).toBeLessThan(2 ** 20);
  });
});

async function onServer(path: string): Promise<Figures> {
  const binary = await inspectBinary(path);
  const options = { configuration: configurationOf(binary), port: undefined, conf: '', patience: PATIENCE };
  const server = await RealServer.start(binary, options);
  try {
    const client = await server.connect();
    let empty = 0;
    let lua = 0;
    let commands = 0;
    for (const step of workload.traffic?.(VALUES) ?? []) {
      if (!('phase' in step)) {
        const bytes = new Uint8Array(respLength(step));
        writeResp(step, bytes, 0);
        await client.send(bytes, 1);
        if (++commands % 100 === 0) lua = Math.max(lua, await infoOf(client, 'used_memory_vm_eval'));
      } else if (step.phase === 'empty') {
        empty = await infoOf(client, 'used_memory');
      } else if (step.phase === 'tests-done') break;
    }
    const growth = (await infoOf(client, 'used_memory')) - empty;
    const usage: number[] = [];
    for (const key of KEYS) usage.push(Number((await client.ask('MEMORY', 'USAGE', key))[0]));
    client.close();
    return { growth, usage, lua };
  } finally {
    await server.stop();
  }
}

async function infoOf(client: Connection, field: string): Promise<number> {
  const [text = ''] = await client.ask('INFO', 'memory');
  return Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(text)?.[1]);
}

async function inLab(): Promise<Figures> {
  const engine = await openEngine({ build: 'q4', conf: '', hooks: 'complete', runtime: 'wasm' });
  let empty = 0;
  let growth = 0;
  let usage: Figures['usage'] = [];
  const operations = operationsOf(workload, VALUES, {
    server: findServer('redis-7.0')!,
    build: engine.info,
    log: new CommandLog(),
    endPhase: (phase, server) => {
      if (phase === 'empty') empty = server.heap.used;
      if (phase !== 'tests-done') return;
      growth = server.heap.used - empty;
      const all = takeCensus(server, [], 10_000).biggest;
      usage = KEYS.map((key) => all.find(({ name }) => name === key)?.memoryUsage ?? undefined);
    },
  });
  for (const _ of operations);
  await engine.close();
  return { growth, usage, lua: 0 };
}
