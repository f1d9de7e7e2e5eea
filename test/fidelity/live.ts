/** The same commands to a real server and to the lab, now: for what no recorded stream has. */

import type { Command } from '#slablab/src/commands/command.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { findServer } from '#slablab/src/model/index.js';
import { commandOf } from '#slablab/src/resp/request-writer.js';
import { commandSource } from '#slablab/src/run/command-source.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import type { Comparison } from '#slablab/src/verify/server-comparison.js';
import { verify } from '#slablab/src/verify/verify.js';
import type { Baseline, VerifyResult } from '#slablab/src/verify/verify-result.js';

/** Who says what, and when. */
export interface Said {
  readonly client: number;
  readonly timeMs?: number;
  readonly words: readonly (string | Uint8Array)[];
}

export interface LiveOptions {
  readonly name: string;
  /** With quantum 16, the C library's, an engine of build q4 is its like; else q3. */
  readonly binary: string;
  readonly said: () => Iterable<Said>;
  readonly settleMs: number;
  readonly pace?: 'max' | 'stream';
  readonly baseline?: Baseline;
  /** Lines of the server's configuration file, and the same for the model. */
  /** Of both allocators. With `tcache:false` regions are those that are live, and no others. */
  readonly conf?: string;
  readonly settings?: readonly (readonly [name: string, value: string])[];
}

const CLUSTER = 'cluster-enabled';

/** Of the one phase that there is. */
export async function heldToServer(options: LiveOptions): Promise<{
  readonly result: VerifyResult;
  readonly sinceIdle: Comparison;
  readonly absolute: Comparison;
}> {
  const { name, said, settleMs, pace = 'max', baseline = 'idle', settings = [], conf = '' } = options;
  const binary = await inspectBinary(options.binary);
  let unknown: ReadonlyMap<string, number> = new Map();
  function* commands(): Generator<Command> {
    for (const { client, timeMs = 0, words } of said()) {
      yield commandOf(words, client, pace === 'stream' ? timeMs : 0);
    }
  }
  const run = commandSource({
    name,
    server: findServer(`${binary.product}-${binary.version.split('.').slice(0, 2).join('.')}`)?.name ?? '',
    epochMs: Date.now(),
    settleMs,
    settings: settings.filter(([setting]) => setting !== CLUSTER),
    isCluster: settings.some(([setting, value]) => setting === CLUSTER && value === 'yes'),
    hasIdlePhase: true,
    isObserved: true,
    commands,
    onUnknown: (counts) => {
      unknown = counts;
    },
  });
  const result = await verify(
    async () => ({ run, phases: () => [{ name: 'end', commands: commands() }], unknown: () => unknown }),
    {
      binary,
      openEngine: ({ quantum }) =>
        openEngine({ build: quantum === 16 ? 'q4' : 'q3', conf, hooks: 'complete', runtime: 'wasm' }),
      serverConfig: settings.map(([setting, value]) => `${setting} ${value}`),
      port: undefined,
      conf,
      pace,
      settleMs,
      replyMs: 60_000,
      baseline,
      // The caller judges. A verdict of too far would run both sides again.
      thresholds: { slabs: 1000, regions: 1000, usedMemory: 1000 },
    },
  );
  const [phase] = result.phases;
  if (phase === undefined) throw new Error('verify had no phase');
  return { result, sinceIdle: phase.idle, absolute: phase.absolute };
}

/** For messages: the classes that differ. */
export function differences({ classes, large, memory, measures }: Comparison): string {
  const lines = [
    `used_memory ${memory.usedMemory.lab}, the server's ${memory.usedMemory.server}`,
    `slabs ${measures.slabs}, regions ${measures.regions}, used ${measures.usedMemory}`,
  ];
  for (const { size, regions, slabs } of classes) {
    if (regions.lab === regions.server && slabs.lab === slabs.server) continue;
    lines.push(`${size}: regions ${regions.lab} / ${regions.server}, slabs ${slabs.lab} / ${slabs.server}`);
  }
  for (const { size, count } of large) {
    if (count.lab !== count.server) lines.push(`large ${size}: ${count.lab} / ${count.server}`);
  }
  return lines.join('\n');
}
