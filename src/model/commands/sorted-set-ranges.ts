import {
  type Bounds,
  type LexBound,
  limitedRanks,
  type Places,
  ranksIn,
  scoreTests,
  type ZrangeRequest,
} from '../../commands/index.js';
import { ContainerKind, sdsBytes } from '../heap/index.js';
import type { Call } from '../server/index.js';
import { LookupKey, type SortedSetValue } from '../values/index.js';
import { pointAt } from './container-call.js';

/** Returns the ranks that two ends select. A range of ranks may be reversed. */
export function placesIn(call: Call, set: SortedSetValue, bounds: Bounds, reverse = false): Places {
  if (bounds.kind === 'rank') return ranksIn(bounds, set.size, reverse);
  const [before, upTo] = bounds.kind === 'score' ? ofScores(bounds) : ofNames(call, bounds);
  const first = set.rankWhere(before);
  return { first, count: Math.max(0, set.rankWhere(upTo) - first) };
}

/** Returns the ranks that ZRANGE and its kin reply with, lowest first. */
export function ranksOf(call: Call, set: SortedSetValue, request: ZrangeRequest): Places {
  return limitedRanks(placesIn(call, set, request.bounds, request.reverse), request);
}

/** Allocates the copies that a server makes of the ends of a range of names, and returns their handles. */
export function newBoundTexts(call: Call, bounds: Bounds): number[] {
  if (bounds.kind !== 'lex') return [];
  const { heap } = call;
  return [bounds.min, bounds.max].flatMap((bound) =>
    typeof bound === 'string'
      ? []
      : [heap.malloc(sdsBytes(heap.sds, call.length(bound.index) - 1), ContainerKind.containerTemporary)],
  );
}

/** Whether a member is before an end. */
type IsBefore = (name: number, score: number) => boolean;

function ofScores(bounds: Extract<Bounds, { kind: 'score' }>): readonly [IsBefore, IsBefore] {
  const [before, upTo] = scoreTests(bounds);
  return [(_, score) => before(score), (_, score) => upTo(score)];
}

function ofNames(call: Call, { min, max }: Extract<Bounds, { kind: 'lex' }>): readonly [IsBefore, IsBefore] {
  return [isBefore(call, min, true), isBefore(call, max, false)];
}

function isBefore(call: Call, bound: LexBound, isStart: boolean): IsBefore {
  if (typeof bound === 'string') return () => bound === 'greatest';
  const { contents } = call.values;
  const whole = pointAt(new LookupKey(), call, bound.index);
  const end = new LookupKey().set(whole.bytes, whole.start + 1, whole.length - 1);
  // The member that equals the end belongs to the range unless that is open.
  const isStrict = bound.isOpen !== isStart;
  return (name) => {
    const order = contents.compareWith(name, end);
    return isStrict ? order < 0 : order <= 0;
  };
}
