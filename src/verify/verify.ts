import type { MallocStats } from '../analysis/index.js';
import { InputError } from '../base/index.js';
import type { Engine } from '../engine/index.js';
import { certaintyOf, type PhaseResult, type RunResult, type RunSource, run } from '../run/index.js';
import { EMPTY_OCCUPANCY, type Occupancy, occupancyOfLab, since } from './class-occupancy.js';
import { configurationOf } from './configuration.js';
import type { DataSet } from './data-set.js';
import { RealServer } from './real-server.js';
import type { ServerBinary } from './server-binary.js';
import { compare, LEAST_AMOUNTS, type Measures, tooFar } from './server-comparison.js';
import { type Pace, ServerSession, type ServerSurvey, type Traffic } from './server-session.js';
import { IDLE_PHASE, type TrafficSource } from './traffic-source.js';
import { type Baseline, VERIFY_SCHEMA, type VerifyPhase, type VerifyResult } from './verify-result.js';
import { isWithoutTcaches, judgedWithoutTcaches, withoutTcaches } from './without-tcaches.js';

export interface VerifyOptions {
  readonly binary: ServerBinary;
  readonly serverConfig: readonly string[];
  readonly port: number | undefined;
  readonly conf: string;
  readonly pace: Pace;
  readonly settleMs: number;
  readonly replyMs: number;
  readonly baseline: Baseline;
  readonly thresholds: Measures;
  /** Opens an engine of the lab that matches the server's allocator, with this configuration. */
  readonly openEngine: (allocator: MallocStats, conf: string) => Promise<Engine>;
  readonly onStep?: (what: string) => void;
  /** Ends the comparison, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called between steps of the lab, and awaited. It ends the comparison by throwing. */
  readonly beforeStep?: () => Promise<void>;
}

interface ServerSide {
  readonly engine: Engine;
  readonly idle: ServerSurvey;
  readonly phases: ReadonlyMap<string, ServerSurvey>;
  readonly traffic: Traffic;
}

type LabSide = Pick<RunResult, 'phases' | 'gaps'>;

/**
 * Runs both sides, one after the other, and compares them. The server runs first, since it may refuse to start. If they
 * differ, both run again without tcaches, which shows whether the model or the tcaches differ. `open` returns the traffic
 * for each comparison.
 */
export async function verify(
  open: () => Promise<TrafficSource>,
  options: VerifyOptions,
): Promise<VerifyResult> {
  try {
    const result = await compareOnce(open, options);
    if (result.agrees || isWithoutTcaches(options.conf)) return result;
    options.onStep?.(
      'the sides differ: both run again without tcaches, whose contents depend on the start of a server',
    );
    const again = await compareOnce(open, { ...options, conf: withoutTcaches(options.conf) });
    const phases = judgedWithoutTcaches(result, again);
    return { ...result, phases, agrees: phases.every((phase) => phase.exceeded.length === 0) };
  } catch (error) {
    // A stopped server does not answer, which is no error of its own.
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function compareOnce(
  open: () => Promise<TrafficSource>,
  options: VerifyOptions,
): Promise<VerifyResult> {
  const source = await open();
  try {
    return await compareSides(source, options);
  } finally {
    await source.run.close();
  }
}

async function compareSides(source: TrafficSource, options: VerifyOptions): Promise<VerifyResult> {
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const server = await serverSide(source, options);
  const serverMs = performance.now() - started;
  try {
    options.onStep?.('running the same commands in the lab');
    const idle = await idleLab(source, server, options);
    const lab = await labSide(source.run, server.engine, options);
    const labMs = performance.now() - started - serverMs;
    const timing = { startedAt, serverMs, labMs };
    return resultOf(source, server, { ...lab, phases: [...idle, ...lab.phases] }, options, timing);
  } finally {
    await server.engine.close();
  }
}

function resultOf(
  source: TrafficSource,
  server: ServerSide,
  { phases: labPhases, gaps }: LabSide,
  options: VerifyOptions,
  timing: VerifyResult['timing'],
): VerifyResult {
  const { binary, conf, pace, settleMs, baseline, thresholds } = options;
  const { engine } = server;
  const labIdle = labPhases.find(({ name }) => name === IDLE_PHASE);
  const before = labIdle === undefined ? EMPTY_OCCUPANCY : occupancyOfLab(labIdle);
  const phases = [...server.phases].map(([name, survey]): VerifyPhase => {
    const lab = labPhases.find((phase) => phase.name === name);
    if (lab === undefined)
      throw new Error(`the lab has no phase \`${name}\`, which the server was surveyed at`);
    return phaseOf(name, [before, occupancyOfLab(lab)], [server.idle, survey], baseline, thresholds);
  });
  const { stats } = server.idle;
  return {
    schema: VERIFY_SCHEMA,
    input: source.run.metadata.workload,
    lab: {
      server: source.run.metadata.server,
      build: engine.info.build,
      jemalloc: engine.info.jemallocVersion,
      conf,
      runtime: engine.runtime,
      unknown: [...source.unknown()].map(([name, count]) => ({ name, count })),
      ...(gaps !== undefined && { gaps }),
      certainty: certaintyOf(source.run),
    },
    server: {
      binary: binary.path,
      product: binary.product,
      version: binary.version,
      jemalloc: stats.version,
      quantum: stats.quantum,
      pageSize: stats.pageSize,
      cacheOblivious: stats.cacheOblivious,
      configuration: [
        ...configurationOf(binary, options.serverConfig),
        ...(source.loaded?.data.configuration ?? []),
      ],
    },
    traffic: server.traffic,
    pace,
    settleMs,
    baseline,
    thresholds,
    phases,
    agrees: phases.every((phase) => phase.exceeded.length === 0),
    timing,
  };
}

async function serverSide(source: TrafficSource, options: VerifyOptions): Promise<ServerSide> {
  const { loaded } = source;
  if (loaded === undefined)
    return withSession(options, undefined, (session) => surveys(source, session, options));
  const { data } = loaded;
  // A server without the data set gives the idle figures.
  const idle = await withSession(options, { ...data, place: async () => {} }, (session) => session.survey());
  options.onStep?.('starting the server again, with the data set');
  return withSession(options, data, (session) => surveys(source, session, options, idle));
}

async function withSession<T>(
  options: VerifyOptions,
  data: DataSet | undefined,
  use: (session: ServerSession) => Promise<T>,
): Promise<T> {
  const { binary, serverConfig, port, conf, replyMs, onStep = () => {} } = options;
  const configuration = [...configurationOf(binary, serverConfig), ...(data?.configuration ?? [])];
  const server = await RealServer.start(binary, {
    configuration,
    port,
    conf,
    patience: { replyMs },
    signal: options.signal,
    ...(data === undefined ? {} : { place: (directory) => data.place(directory) }),
  });
  try {
    onStep(`${binary.path} ${binary.version} has started, and stays idle before it is surveyed`);
    const session = await ServerSession.open(server, options);
    const result = await use(session);
    session.close();
    return result;
  } finally {
    await server.stop();
  }
}

/** Surveys the server after each phase. `before` is its idle survey; without it, the server is idle now. */
async function surveys(
  source: TrafficSource,
  session: ServerSession,
  options: VerifyOptions,
  before?: ServerSurvey,
): Promise<ServerSide> {
  const idle = before ?? (await session.survey());
  const engine = await options.openEngine(idle.stats, options.conf);
  try {
    checkAllocator(idle.stats, engine, options.binary);
    if (before === undefined) options.onStep?.('sending the commands to the server');
    const phases = new Map<string, ServerSurvey>();
    for (const phase of source.phases()) {
      await session.send(phase.commands, source.entryTimes);
      const untilMs = phase.waitUntilMs?.();
      if (untilMs !== undefined) await session.waitUntil(untilMs);
      phases.set(phase.name, await session.survey());
    }
    return { engine, idle, phases, traffic: await session.traffic() };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Refuses an engine with other size classes than the server's, which would make every row differ. */
function checkAllocator(stats: MallocStats, { info }: Engine, { path }: ServerBinary): void {
  const theirs = {
    quantum: stats.quantum,
    'page size': stats.pageSize,
    'cache-oblivious': stats.cacheOblivious,
  };
  const ours = { quantum: info.quantum, 'page size': info.pageSize, 'cache-oblivious': info.cacheOblivious };
  for (const name of ['quantum', 'page size', 'cache-oblivious'] as const) {
    if (theirs[name] === ours[name]) continue;
    throw new InputError(
      `--build ${info.build}: its ${name} is ${ours[name]}, that of ${path} is ${theirs[name]}; ` +
        'choose the --build that the server has (q3: quantum 8, as bundled; q4: quantum 16, as Debian builds it)',
    );
  }
}

/** Runs the lab without the data set, if there is one, for its idle figures. */
async function idleLab(
  { loaded }: TrafficSource,
  { idle }: ServerSide,
  options: VerifyOptions,
): Promise<readonly PhaseResult[]> {
  if (loaded === undefined) return [];
  const engine = await options.openEngine(idle.stats, options.conf);
  try {
    const { phases } = await labSide(loaded.idleRun, engine, options);
    return phases.filter(({ name }) => name === IDLE_PHASE);
  } finally {
    await engine.close();
    await loaded.idleRun.close();
  }
}

async function labSide(
  source: RunSource,
  engine: Engine,
  { conf, beforeStep }: VerifyOptions,
): Promise<LabSide> {
  const steps = beforeStep === undefined ? {} : { beforeStep };
  const { result, failure } = await run(source, engine, { conf, hooks: 'complete', sweepEvery: 0, ...steps });
  if (failure !== null) throw failure;
  return result;
}

function phaseOf(
  name: string,
  [labBefore, lab]: readonly [Occupancy, Occupancy],
  [idle, server]: readonly [ServerSurvey, ServerSurvey],
  baseline: Baseline,
  thresholds: Measures,
): VerifyPhase {
  const comparisons = {
    idle: compare(since(labBefore, lab), since(idle.occupancy, server.occupancy)),
    absolute: compare(lab, server.occupancy),
  };
  return {
    name,
    ...comparisons,
    serverKeys: server.keys,
    least: LEAST_AMOUNTS,
    exceeded: tooFar(comparisons[baseline], thresholds),
  };
}
