import {
  type Aggregate,
  aggregated,
  type Operation,
  parseCombination,
  parseKeyCount,
  parseLimit,
  WRONG_TYPE,
  weighted,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { StoreHandlers } from '../store-command.js';
import { type Member, SetContent, SortedContent } from '../values.js';
import { replyRange } from './sorted-sets.js';

interface Source {
  readonly content: SetContent | SortedContent | undefined;
  weight: number;
}

/** Carries out ZUNION, ZINTER, ZDIFF and their STORE forms. */
function combine(operation: Operation, stores: boolean) {
  return (ask: CommandContext): void => {
    const at = stores ? 2 : 1;
    const sources = sourcesAt(ask, at);
    const from = at + 1 + sources.length;
    const { weights, aggregate, withScores } = ask.allowed(
      parseCombination(ask, from, sources.length, operation, stores),
    );
    for (const [key, source] of sources.entries()) source.weight = weights[key]!;
    const result = new SortedContent(ask.limits);
    result.encoding = 'skiplist';
    for (const [name, score] of combined(operation, sources, aggregate)) result.set(name, score);
    if (stores) {
      result.settle();
      ask.storeAt(1, result, `z${operation}store`);
      ask.reply.integer(result.size);
    } else {
      replyRange(ask, [...result.order], withScores);
    }
  };
}

function sourcesAt(ask: CommandContext, at: number): Source[] {
  const keys = ask.allowed(parseKeyCount(ask, at));
  const sources: Source[] = [];
  for (let index = at + 1; index <= at + keys; index++) {
    const content = ask.find(index)?.content;
    if (content !== undefined && !(content instanceof SetContent) && !(content instanceof SortedContent)) {
      ask.refuse(WRONG_TYPE);
    }
    sources.push({ content, weight: 1 });
  }
  return sources;
}

/** Yields members with their scores; those of a set all have 1. */
function* membersOf(content: Source['content']): Generator<Member> {
  if (content instanceof SortedContent) yield* content.order;
  else for (const name of content?.all() ?? []) yield { name, score: 1 };
}

function scoreIn(content: Source['content'], name: string): number | undefined {
  if (content instanceof SortedContent) return content.scores.get(name);
  return content?.members.has(name) === true ? 1 : undefined;
}

function combined(operation: Operation, given: readonly Source[], aggregate: Aggregate): Map<string, number> {
  const result = new Map<string, number>();
  if (operation === 'diff') {
    const [first, ...others] = given;
    for (const { name, score } of membersOf(first?.content)) {
      if (!others.some(({ content }) => scoreIn(content, name) !== undefined)) result.set(name, score);
    }
    return result;
  }
  // The smallest source is first, because the order may change the last digit of summed scores.
  const sources = [...given].sort((left, right) => (left.content?.size ?? 0) - (right.content?.size ?? 0));
  if (operation === 'union') {
    for (const { content, weight } of sources) {
      for (const { name, score } of membersOf(content)) {
        const value = weighted(score, weight);
        const old = result.get(name);
        result.set(name, old === undefined ? value : aggregated(aggregate, old, value));
      }
    }
    return result;
  }
  const [smallest, ...others] = sources;
  for (const { name, score } of membersOf(smallest?.content)) {
    let value = weighted(score, smallest?.weight ?? 1);
    const isInAll = others.every(({ content, weight }) => {
      const other = content === smallest?.content ? score : scoreIn(content, name);
      if (other !== undefined) value = aggregated(aggregate, value, weighted(other, weight));
      return other !== undefined;
    });
    if (isInAll) result.set(name, value);
  }
  return result;
}

function zintercard(ask: CommandContext): void {
  const sources = sourcesAt(ask, 1);
  const limit = ask.allowed(parseLimit(ask, 2 + sources.length));
  const { size } = combined('inter', sources, 'SUM');
  ask.reply.integer(limit === 0 ? size : Math.min(limit, size));
}

export const SORTED_SET_OPERATION_ANSWERS: StoreHandlers = {
  zunion: combine('union', false),
  zunionstore: combine('union', true),
  zinter: combine('inter', false),
  zinterstore: combine('inter', true),
  zdiff: combine('diff', false),
  zdiffstore: combine('diff', true),
  zintercard,
};
