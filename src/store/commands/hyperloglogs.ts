import { latin1Bytes } from '../../base/index.js';
import { CORRUPT_HYPERLOGLOG, HyperLogLog, NO_HYPERLOGLOG, placeOf } from '../../commands/index.js';
import { type CommandContext, contentOf } from '../command-context.js';
import {
  cachedEstimate,
  estimateOf,
  hyperLogLogOf,
  hyperLogLogText,
  setCached,
} from '../hyperloglog-text.js';
import type { StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';

/** Returns the HyperLogLog that a key's string is; every other value is refused. */
function hllAt(ask: CommandContext, index: number): HyperLogLog | undefined {
  const value = ask.get(index, StringContent);
  return value === undefined ? undefined : hllOf(ask, value);
}

function hllOf(ask: CommandContext, value: StringContent): HyperLogLog {
  value.hyperLogLog ??= hyperLogLogOf(value.text);
  return value.hyperLogLog ?? ask.refuse(NO_HYPERLOGLOG);
}

/** Writes the text of the HyperLogLog at key 1. */
function save(ask: CommandContext, hll: HyperLogLog): void {
  const before = contentOf(ask.find(1), StringContent)?.text;
  const value = new StringContent(hyperLogLogText(hll, before), 'raw');
  value.hyperLogLog = hll;
  ask.add(1, value);
  ask.touch(1, 'pfadd');
}

function raise(ask: CommandContext, hll: HyperLogLog, register: number, value: number): boolean {
  const { hllSparseMaxBytes } = ask.limits.settings;
  const change = hll.raise(register, value, hllSparseMaxBytes);
  if (change !== 'too-large')
    return change === 'corrupt' ? ask.refuse(CORRUPT_HYPERLOGLOG) : change === 'changed';
  if (hll.isCorrupt) ask.refuse(CORRUPT_HYPERLOGLOG);
  hll.becomeDense();
  return hll.raise(register, value, hllSparseMaxBytes) === 'changed';
}

function pfadd(ask: CommandContext): void {
  const known = hllAt(ask, 1);
  const hll = known ?? new HyperLogLog();
  let isChanged = known === undefined;
  for (const element of ask.args.slice(2)) {
    const { register, value } = placeOf(latin1Bytes(element));
    if (raise(ask, hll, register, value)) isChanged = true;
  }
  if (isChanged) save(ask, hll);
  ask.reply.integer(isChanged ? 1 : 0);
}

function merged(sources: readonly HyperLogLog[]): Map<number, number> {
  const registers = new Map<number, number>();
  for (const source of sources) {
    for (const [register, value] of source.registers) {
      if (value > (registers.get(register) ?? 0)) registers.set(register, value);
    }
  }
  return registers;
}

function sourcesOf(ask: CommandContext): HyperLogLog[] {
  return ask.args.slice(1).flatMap((_, at) => {
    const hll = hllAt(ask, at + 1);
    if (hll?.isCorrupt === true) ask.refuse(CORRUPT_HYPERLOGLOG);
    return hll ?? [];
  });
}

function pfmerge(ask: CommandContext): void {
  ask.noteRead(1, ask.find(1));
  const sources = sourcesOf(ask);
  const target = hllAt(ask, 1) ?? new HyperLogLog();
  if (sources.some(({ isDense }) => isDense) && !target.isDense) target.becomeDense();
  const registers = [...merged(sources)].sort(([left], [right]) => left - right);
  for (const [register, value] of registers) raise(ask, target, register, value);
  save(ask, target);
  ask.reply.ok();
}

function pfcount(ask: CommandContext): void {
  if (ask.count > 2) {
    ask.reply.integer(estimateOf(merged(sourcesOf(ask))));
    return;
  }
  const value = ask.get(1, StringContent);
  if (value === undefined) {
    ask.reply.integer(0);
    return;
  }
  const hll = hllOf(ask, value);
  const cached = cachedEstimate(value.text);
  if (cached !== undefined) {
    ask.reply.integer(BigInt.asIntN(64, cached));
    return;
  }
  if (hll.isCorrupt) ask.refuse(CORRUPT_HYPERLOGLOG);
  const count = estimateOf(merged([hll]));
  value.text = setCached(value.text, count);
  ask.touch(1);
  ask.reply.integer(count);
}

export const HYPERLOGLOG_ANSWERS: StoreHandlers = {
  pfadd,
  pfmerge,
  pfcount,
};
