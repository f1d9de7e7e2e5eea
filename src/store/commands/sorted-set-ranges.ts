import {
  type Bounds,
  type LexBound,
  limitedRanks,
  type Places,
  parseBounds,
  parseZrange,
  type RangeKind,
  ranksIn,
  scoreTests,
  ZRANGE_FORMS,
  type ZrangeForm,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { parsed, type StoreHandler, type StoreHandlers } from '../store-command.js';
import { type Member, SortedContent } from '../values.js';
import { replyRange } from './sorted-sets.js';

/** Returns the ranks that two ends select. A range of ranks may be reversed. */
function placesIn(
  ask: CommandContext,
  { order, size }: SortedContent,
  bounds: Bounds,
  reverse = false,
): Places {
  if (bounds.kind === 'rank') return ranksIn(bounds, size, reverse);
  const [before, upTo] = bounds.kind === 'score' ? ofScores(bounds) : ofNames(ask, bounds);
  const first = order.countWhile(before);
  return { first, count: Math.max(0, order.countWhile(upTo) - first) };
}

/** Whether a member is before an end. */
type IsBefore = (member: Member) => boolean;

function ofScores(bounds: Extract<Bounds, { kind: 'score' }>): readonly [IsBefore, IsBefore] {
  const [before, upTo] = scoreTests(bounds);
  return [({ score }) => before(score), ({ score }) => upTo(score)];
}

function ofNames(
  ask: CommandContext,
  { min, max }: Extract<Bounds, { kind: 'lex' }>,
): readonly [IsBefore, IsBefore] {
  return [isBefore(ask, min, true), isBefore(ask, max, false)];
}

function isBefore(ask: CommandContext, bound: LexBound, isStart: boolean): IsBefore {
  if (typeof bound === 'string') return () => bound === 'greatest';
  const end = ask.text(bound.index).slice(1);
  // The member that equals the end belongs to the range unless the end is open.
  return bound.isOpen !== isStart ? ({ name }) => name < end : ({ name }) => name <= end;
}

/** Carries out ZRANGE and its older forms, and ZRANGESTORE. */
function range(form: ZrangeForm): StoreHandler {
  const { source = 1 } = form;
  return parsed(
    (ask) => parseZrange(ask, form),
    (ask, request) => {
      const { bounds, reverse, withScores } = request;
      const set = ask.get(source, SortedContent);
      const places = set === undefined ? undefined : placesIn(ask, set, bounds, reverse);
      const { first, count } = limitedRanks(places ?? { first: 0, count: 0 }, request);
      const found = set?.order.slice(first, count) ?? [];
      if (reverse) found.reverse();
      if (source === 1) {
        replyRange(ask, found, withScores);
        return;
      }
      const stored = new SortedContent(ask.limits);
      for (const { name, score } of found) stored.set(name, score);
      ask.storeAt(1, stored, 'zrangestore');
      ask.reply.integer(stored.size);
    },
  );
}

function zcount(kind: RangeKind): StoreHandler {
  return parsed(
    (ask) => parseBounds(ask, kind),
    (ask, bounds) => {
      const set = ask.get(1, SortedContent);
      ask.reply.integer(set === undefined ? 0 : placesIn(ask, set, bounds).count);
    },
  );
}

function zremrange(kind: RangeKind): StoreHandler {
  return parsed(
    (ask) => parseBounds(ask, kind),
    (ask, bounds) => {
      const set = ask.get(1, SortedContent);
      if (set === undefined) {
        ask.reply.integer(0);
        return;
      }
      const { first, count } = placesIn(ask, set, bounds);
      set.removeRanks(first, count);
      if (count > 0) ask.changed(1, set, `zremrangeby${kind}`);
      ask.reply.integer(count);
    },
  );
}

export const SORTED_SET_RANGE_ANSWERS: StoreHandlers = {
  ...Object.fromEntries(Object.entries(ZRANGE_FORMS).map(([name, form]) => [name, range(form)])),
  zrangestore: range({ source: 2 }),
  zcount: zcount('score'),
  zlexcount: zcount('lex'),
  zremrangebyrank: zremrange('rank'),
  zremrangebyscore: zremrange('score'),
  zremrangebylex: zremrange('lex'),
};
