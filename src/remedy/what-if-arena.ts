/** A recorded program or a server, replayed as it was and with an arena of their own for the regions of an owner. */
import { formatCount } from '../base/index.js';
import type { Engine } from '../engine/index.js';
import {
  type ArenaSource,
  type PhaseCopies,
  type RunOutcome,
  type RunResult,
  type RunSource,
  run,
  type TraceAccounts,
} from '../run/index.js';
import type { Setup } from './setup.js';
import type { WhatIfOutcome } from './what-if.js';

/** The change in the program itself. */
export const IN_PROGRAM =
  '# in the program: mallocx and dallocx with MALLOCX_ARENA and MALLOCX_TCACHE, from arenas.create and tcache.create';

/** The change on a server, which cannot do it by itself. */
const BESIDE_SERVER =
  '# a server of their own for these keys, or a change of the server: MALLOCX_ARENA, from arenas.create';

export interface ArenaQuestion {
  /** The pattern of the owner: of function names, of `thread N`, or of keys. */
  readonly pattern: string;
  readonly hooks: RunResult['hooks'];
  readonly conf: string;
  /** Settings that the server was started with; absent for a program. */
  readonly settings?: Setup['settings'];
  readonly accounts?: PhaseCopies | undefined;
  /** Virtual milliseconds of decay at the end of each replay. Undefined: none. */
  readonly restMs?: number;
}

export interface ArenaMeans {
  /** Opens an engine with this configuration. */
  openEngine(conf: string): Promise<Engine>;
  openSource(accounts?: TraceAccounts): Promise<RunSource>;
  openArena(pattern: string): Promise<ArenaSource>;
  readonly onProcess?: (source: RunSource) => Promise<void>;
  readonly onProgress?: (operations: number) => void;
  readonly beforeStep?: () => Promise<void>;
}

/** Replays both, and returns the phases of the first with the last phase of the second as the change. */
export async function whatIfArena(
  question: ArenaQuestion,
  means: ArenaMeans,
): Promise<Omit<WhatIfOutcome, 'server'>> {
  const before = await replayed(await means.openSource(), question, means);
  if (before.failure !== null) return { ...before, notes: [] };
  return withArena(before, question, means);
}

/** Adds to a replay the last phase of one with the arena. */
async function withArena(
  { result, operations }: RunOutcome,
  question: ArenaQuestion,
  means: ArenaMeans,
): Promise<Omit<WhatIfOutcome, 'server'>> {
  const source = await means.openArena(question.pattern);
  const changed = await replayed(source, question, means);
  const last = changed.result.phases.at(-1);
  const step = `arena ${question.pattern}`;
  const { server, build, conf } = result;
  const change = {
    step,
    process: 2,
    server,
    build,
    conf,
    settings: result.settings ?? {},
    sent: 0,
    tookMs: 0,
    copiedBytes: 0,
    onServer: server === 'none' ? IN_PROGRAM : BESIDE_SERVER,
    notes: [`${formatCount(source.chosen())} allocations went to the arena`],
  };
  const phases = last === undefined ? [] : [{ ...last, name: step, change }];
  const { error } = changed.result;
  const wallMs = result.timing.wallMs + changed.result.timing.wallMs;
  const all = operations + changed.operations;
  return {
    result: {
      ...result,
      phases: [...result.phases, ...phases],
      ...(error === undefined ? {} : { error }),
      timing: { ...result.timing, wallMs, operationsPerSecond: all / (wallMs / 1000) },
    },
    failure: changed.failure,
    operations: all,
    notes: [],
  };
}

/** Replays a source to its end, and closes it. */
export async function replayed(
  source: RunSource,
  { hooks, conf, settings, accounts, restMs }: Omit<ArenaQuestion, 'pattern'>,
  { openEngine, onProcess, onProgress, beforeStep }: ArenaMeans,
): Promise<RunOutcome> {
  try {
    const engine = await openEngine(conf);
    try {
      await onProcess?.(source);
      return await run(source, engine, {
        conf,
        hooks,
        sweepEvery: 0,
        accounts,
        restMs,
        ...(settings === undefined ? {} : { settings }),
        ...(onProgress === undefined ? {} : { onProgress }),
        ...(beforeStep === undefined ? {} : { beforeStep }),
      });
    } finally {
      await engine.close();
    }
  } finally {
    await source.close();
  }
}
