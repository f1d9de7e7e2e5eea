import { Random } from '../../src/base/index.js';
import { type Command, CommandWriter } from '../../src/commands/index.js';
import { Pace } from '../pace.js';
import { shuffleFirst } from '../populate-delete.js';
import type { Step } from '../workload.js';
import { zipf } from './distribution.js';
import { ElementWriter } from './element-writer.js';
import type { Declaration, DeclaredOrder, DeclaredPhase, KeyGroup } from './format.js';

/** The commands that a declaration stands for. Each phase has chance of its own, so that one more draw shifts no other. */
export function* declaredTraffic({ config, keys, phases }: Declaration, seed: number): Generator<Step> {
  const words = new CommandWriter();
  const writers = new Map(keys.map((group) => [group, new ElementWriter(group, words)]));
  for (const [name, value] of config) yield words.words('CONFIG', 'SET', name, value);
  for (const [index, phase] of phases.entries()) {
    const random = new Random(seed + index * 0x9e3779b9);
    const pace = phase.perSecond === undefined ? undefined : new Pace(words.command, phase.perSecond);
    pace?.rest(words.command.timeMs);
    for (const command of commandsOf(phase, writers, words, random)) {
      pace?.step();
      yield command;
    }
    if (phase.do === 'wait') words.command.timeMs += phase.ms;
    const { name, isMark } = phase;
    yield phase.do === 'wait' ? { phase: name, isMark, atMs: words.command.timeMs } : { phase: name, isMark };
  }
}

function* commandsOf(
  phase: DeclaredPhase,
  writers: ReadonlyMap<KeyGroup, ElementWriter>,
  words: CommandWriter,
  random: Random,
): Generator<Command> {
  if (phase.do === 'wait') return;
  const of = (group: KeyGroup) => writers.get(group)!;
  const size = phase.do === 'overwrite' ? phase.size?.draws(random) : undefined;
  const after = phase.do === 'expire' ? phase.afterMs.draws(random) : undefined;
  for (const [group, key] of chosen(phase, random)) {
    if (phase.do === 'fill') yield* of(group).fill(key, random);
    else if (phase.do === 'overwrite') yield* of(group).overwrite(key, random, size);
    else if (phase.do === 'delete') yield words.words('DEL', of(group).nameOf(key));
    else yield words.words('PEXPIRE', of(group).nameOf(key), `${after?.()}`);
  }
}

type Chosen = readonly [group: KeyGroup, key: number];

/** Keys of several groups take turns, so that all groups are through at the same time. */
function* chosen(phase: Exclude<DeclaredPhase, { do: 'wait' }>, random: Random): Generator<Chosen> {
  const { keys: groups } = phase;
  if (phase.do === 'overwrite' && phase.zipf !== undefined) {
    const exponent = phase.zipf;
    const draws = groups.map((group) => zipf(group.count, exponent, random));
    for (let time = 0; time < (phase.times ?? 0); time++) {
      const turn = time % groups.length;
      yield [groups[turn]!, (draws[turn] as () => number)()];
    }
    return;
  }
  const orders = groups.map(({ count }) => keysInOrder(count, phase.order, phase.share, random));
  const done = orders.map(() => 0);
  for (let left = orders.reduce((total, { length }) => total + length, 0); left > 0; left--) {
    const turn = furthestBehind(orders, done);
    yield [groups[turn]!, orders[turn]![done[turn]!]!];
    done[turn] = done[turn]! + 1;
  }
}

function furthestBehind(orders: readonly Uint32Array[], done: readonly number[]): number {
  let turn = -1;
  let least = 1;
  for (const [index, { length }] of orders.entries()) {
    const share = length === 0 ? 1 : done[index]! / length;
    if (share < least) {
      least = share;
      turn = index;
    }
  }
  return turn;
}

function keysInOrder(count: number, order: DeclaredOrder, share: number, random: Random): Uint32Array {
  const isOdd = order === 'odd';
  const keys = Uint32Array.from({ length: isOdd ? count >>> 1 : count }, (_, index) =>
    isOdd ? 2 * index + 1 : index,
  );
  const wanted = isOdd ? keys.length : Math.round(count * share);
  if (order === 'random') shuffleFirst(keys, wanted, random);
  return keys.subarray(0, wanted);
}
