/** Active defragmentation until it rests, on a real server and in the lab, with the same figures of both. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openEngine } from '#slablab/src/engine/node.js';
import { Operator } from '#slablab/src/remedy/operator.js';
import { commandSource } from '#slablab/src/run/command-source.js';
import { run } from '#slablab/src/run/run.js';
import { type Occupancy, occupancyOfLab } from '#slablab/src/verify/class-occupancy.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import type { ServerBinary } from '#slablab/src/verify/server-binary.js';
import { SETTLE_MS, ServerSession, type ServerSurvey } from '#slablab/src/verify/server-session.js';
import { PATIENCE } from '../../support/real-server.js';
import { configurationFor } from '../server-run.js';
import { commandsOf } from '../streams.js';
import { type FragmentedState, settingsIn } from './states.js';

/** What an allocator holds before active defragmentation is turned on and after it rests, and what that took. */
export interface AtRest {
  readonly before: Occupancy;
  readonly after: Occupancy;
  readonly hits: number;
  readonly misses: number;
}

/** The same of a server, whose surveys tell more. */
export interface ServerAtRest extends Omit<AtRest, 'before' | 'after'> {
  readonly before: ServerSurvey;
  readonly after: ServerSurvey;
}

const MAX_LAB_MS = 600_000;

/** `server` as the model calls it: redis-7.0. */
export async function labAtRest(state: FragmentedState, server: string, build: string): Promise<AtRest> {
  const source = commandSource({
    name: state.name,
    server,
    settleMs: SETTLE_MS,
    isObserved: true,
    commands: () => commandsOf(state),
    continuation: {
      phases: ['rest'],
      *run(redis, writer, survey) {
        const operator = new Operator(redis, writer);
        for (const [name, value] of [...settingsIn(state), ['activedefrag', 'yes'] as const]) {
          yield* operator.once('CONFIG', 'SET', name, value);
        }
        yield* redis.defragment(MAX_LAB_MS);
        survey();
      },
    },
  });
  const engine = await openEngine({ build, conf: '', hooks: 'complete', runtime: 'wasm' });
  try {
    const { result, failure } = await run(source, engine, { conf: '', hooks: 'complete', sweepEvery: 0 });
    if (failure !== null) throw failure;
    const [before, after] = result.phases;
    const { hits, misses } = after!.defrag!;
    return { before: occupancyOfLab(before!), after: occupancyOfLab(after!), hits, misses };
  } finally {
    await engine.close();
    await source.close();
  }
}

/** `commandsBefore`: so many commands of another client, gone before the state is made. */
export async function serverAtRest(
  state: FragmentedState,
  binary: ServerBinary,
  commandsBefore = 0,
): Promise<ServerAtRest> {
  const server = await RealServer.start(binary, {
    configuration: configurationFor(state, binary),
    port: undefined,
    conf: '',
    patience: PATIENCE,
  });
  try {
    const operator = await server.connect();
    for (let count = 0; count < commandsBefore; count++) await operator.ask('ECHO', 'x'.repeat(100));
    const session = await ServerSession.open(server, { pace: 'stream', settleMs: SETTLE_MS });
    await session.send(commandsOf(state));
    const before = await session.survey();
    for (const [name, value] of [...settingsIn(state), ['activedefrag', 'yes'] as const]) {
      await operator.ask('CONFIG', 'SET', name, value);
    }
    const counts = await untilRest(async () => {
      const [stats = ''] = await operator.ask('INFO', 'stats');
      const [memory = ''] = await operator.ask('INFO', 'memory');
      return {
        running: figure(memory, 'active_defrag_running'),
        hits: figure(stats, 'active_defrag_hits'),
        misses: figure(stats, 'active_defrag_misses'),
      };
    });
    const after = await session.survey();
    session.close();
    operator.close();
    return { before, after, ...counts };
  } finally {
    await server.stop();
  }
}

interface Counts {
  readonly hits: number;
  readonly misses: number;
}

/** A server is asked rarely, since each INFO changes what its tcache holds, and with it where the defragger rests. */
const POLL_MS = 1000;
/** So long a defragger must have moved nothing, and be idle or find nothing to move. */
const STILL_POLLS = 3;
const MAX_POLLS = 180;

async function untilRest(ask: () => Promise<Counts & { readonly running: number }>): Promise<Counts> {
  let last = await ask();
  for (let still = 0, polls = 0; still < STILL_POLLS; polls++) {
    if (polls === MAX_POLLS)
      throw new Error(`still running after ${MAX_POLLS} polls: ${JSON.stringify(last)}`);
    await sleep(POLL_MS);
    const next = await ask();
    still = next.hits === last.hits && (next.running === 0 || next.misses > 0) ? still + 1 : 0;
    last = next;
  }
  return { hits: last.hits, misses: last.misses };
}

function figure(info: string, name: string): number {
  const text = new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1];
  if (text === undefined) throw new Error(`INFO has no ${name}`);
  return Number(text);
}

export function slabsOf({ classes }: Occupancy): number {
  return classes.reduce((sum, { slabs }) => sum + slabs, 0);
}
