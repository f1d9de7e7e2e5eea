/**
 * Checks the JSON of a recording when it is read: every member that users of a recording rely on. Throws a BadContent that
 * names the member.
 */
import { parsedJson } from '../base/index.js';
import type {
  BuildInfo,
  DrainprofTotals,
  HookAccounting,
  MemoryTotals,
  SystemCalls,
} from '../engine/index.js';
import { RUN_SCHEMA, type RunHeader, type RunResult } from '../run/index.js';
import type { FrameHead } from './frame-body.js';
import { PREDICTIONS } from './recording-columns.js';
import { BadContent } from './recording-errors.js';

export function parseJson(body: Uint8Array): unknown {
  try {
    return parsedJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new BadContent(`no JSON: ${(error as Error).message}`);
  }
}

export function headerFrom(value: unknown): { readonly about: RunHeader; readonly info: BuildInfo } {
  const { about, info } = part(value, 'the header');
  const run = part(about, 'about');
  for (const name of ['workload', 'server', 'build', 'jemalloc', 'conf', 'hooks', 'runtime'] as const) {
    if (typeof run[name] !== 'string') throw new BadContent(`about.${name} is no text`);
  }
  part(run.parameters, 'about.parameters');
  const build = part(info, 'info');
  if (typeof build.build !== 'string') throw new BadContent('info.build is no text');
  needNumbers(build, 'info', ['pageSize', 'quantum', 'smallClasses']);
  for (const name of ['sizeClasses', 'regionsPerSlab', 'pagesPerSlab']) {
    const list = build[name];
    if (!Array.isArray(list) || !list.every((one) => Number.isSafeInteger(one) && one > 0)) {
      throw new BadContent(`info.${name} is no list of whole numbers above 0`);
    }
  }
  const small = build.smallClasses as number;
  if ([build.regionsPerSlab, build.pagesPerSlab].some((list) => (list as unknown[]).length !== small)) {
    throw new BadContent(`info has not regions and pages for each of ${small} small classes`);
  }
  if ((build.sizeClasses as unknown[]).length < small) throw new BadContent('info.sizeClasses is too short');
  return value as { about: RunHeader; info: BuildInfo };
}

const MEMORY = [
  'allocated',
  'active',
  'resident',
  'peakResident',
  'mapped',
  'retained',
  'dirty',
  'muzzy',
  'metadata',
  'usedMemory',
  'fragmentationRatio',
] as const satisfies readonly (keyof MemoryTotals)[];

const DRAINPROF = [
  'allocs',
  'deallocs',
  'live',
  'parked',
  'opened',
  'drained',
  'tracked',
  'drainable',
  'pinned',
  'dsr',
  'slabsAboveMinimum',
  'bytesAboveMinimum',
] as const satisfies readonly (keyof DrainprofTotals)[];

const SYSTEM = [
  'maps',
  'unmaps',
  'forcedPurges',
  'lazyPurges',
] as const satisfies readonly (keyof SystemCalls)[];
const HOOKS = ['registrations', 'slabsSeen'] as const satisfies readonly (keyof HookAccounting)[];

export function frameHeadFrom(value: unknown): FrameHead {
  const { phase, snapshot, owners, columns } = part(value, 'the frame');
  if (typeof phase !== 'string') throw new BadContent('phase is no text');
  const totals = part(snapshot, 'snapshot');
  needNumbers(totals, 'snapshot', ['phase', 'position', 'virtualMs']);
  needNumbers(part(totals.memory, 'snapshot.memory'), 'snapshot.memory', MEMORY);
  needNumbers(part(totals.drainprof, 'snapshot.drainprof'), 'snapshot.drainprof', DRAINPROF);
  needNumbers(part(totals.system, 'snapshot.system'), 'snapshot.system', SYSTEM);
  needNumbers(part(totals.hookAccounting, 'snapshot.hookAccounting'), 'snapshot.hookAccounting', HOOKS);
  for (const row of list(totals.bins, 'snapshot.bins')) {
    needNumbers(part(row, 'a bin'), 'a bin', ['size', 'regs', 'pages', 'curregs', 'curslabs']);
  }
  for (const row of list(totals.large, 'snapshot.large')) {
    needNumbers(part(row, 'a large class'), 'a large class', ['size', 'count']);
  }
  if (owners !== null) {
    const names = list(part(owners, 'owners').names, 'owners.names');
    if (!names.every((name) => typeof name === 'string')) throw new BadContent('owners.names are no texts');
  }
  for (const shape of list(columns, 'columns')) checkShape(part(shape, 'a column'));
  return value as FrameHead;
}

function checkShape({ of, name, count, bytes, from }: Record<string, unknown>): void {
  if (typeof of !== 'string' || typeof name !== 'string') throw new BadContent('a column without a name');
  const isCount = Number.isInteger(count) && (count as number) >= 0 && (count as number) < 2 ** 32;
  const isBytes = Number.isInteger(bytes) && (bytes as number) >= 0 && (bytes as number) <= 4;
  if (!isCount || !isBytes) throw new BadContent(`column ${of}.${name} has ${count} rows of ${bytes} bytes`);
  if (!PREDICTIONS.some((known) => known === from)) {
    throw new BadContent(
      `column ${of}.${name} is foretold from \`${from}\`; known: ${PREDICTIONS.join(', ')}`,
    );
  }
}

export function resultFrom(value: unknown): RunResult {
  const { schema, phases } = part(value, 'the result');
  if (schema !== RUN_SCHEMA) throw new BadContent(`the result is of schema \`${schema}\`, not ${RUN_SCHEMA}`);
  list(phases, 'phases');
  return value as RunResult;
}

function part(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new BadContent(`${name} is no object`);
}

function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new BadContent(`${name} is no list`);
}

function needNumbers(value: Record<string, unknown>, of: string, names: readonly string[]): void {
  const wrong = names.find((name) => typeof value[name] !== 'number');
  if (wrong !== undefined) throw new BadContent(`${of}.${wrong} is no number`);
}
