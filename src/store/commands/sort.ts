import { parseDouble } from '../../base/index.js';
import { NOT_A_WEIGHT, parseSort, type SortRequest, WRONG_TYPE } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { HashContent, ListContent, SetContent, SortedContent, StringContent } from '../values.js';

function sort(ask: CommandContext, request: SortRequest): void {
  const { store, get } = request;
  const elements = limited(request, sorted(ask, request));
  const found = elements.flatMap((element) =>
    get.length === 0 ? [element] : get.map((pattern) => valueFor(ask, ask.text(pattern), element)),
  );
  if (store === 0) {
    ask.reply.array(found.length);
    for (const text of found) ask.reply.bulkOrNil(text);
    return;
  }
  const list = new ListContent(ask.limits);
  for (const text of found) list.items.push(text ?? '');
  ask.storeAt(store, list, 'sortstore');
  ask.reply.integer(list.size);
}

function limited({ offset, limit }: SortRequest, elements: readonly string[]): readonly string[] {
  const first = Math.max(0, offset);
  return elements.slice(first, limit < 0 ? undefined : first + limit);
}

function elementsOf(ask: CommandContext): readonly string[] {
  const content = ask.find(1)?.content;
  if (content === undefined) return [];
  if (content instanceof ListContent) return [...content.items];
  if (content instanceof SetContent) return content.all();
  if (content instanceof SortedContent) {
    // The server converts it to a skiplist to read it, and leaves it as one.
    content.encoding = 'skiplist';
    return [...content.order].map(({ name }) => name);
  }
  ask.refuse(WRONG_TYPE);
}

function sorted(ask: CommandContext, request: SortRequest): readonly string[] {
  const elements = elementsOf(ask);
  let { by, isAlpha } = request;
  if (!request.isSorted) {
    // The stored list needs an order, so the members of a set are sorted as texts.
    const isSet = ask.find(1)?.content instanceof SetContent;
    if (!isSet || request.store === 0) {
      return request.isDescending && !isSet ? [...elements].reverse() : elements;
    }
    isAlpha = true;
    by = 0;
  }
  const weight = (element: string) => (by === 0 ? element : valueFor(ask, ask.text(by), element));
  const compare = isAlpha ? byText(by > 0) : byNumber();
  const sign = request.isDescending ? -1 : 1;
  return elements
    .map((element) => ({ element, weight: weight(element) }))
    .map((item) => ({ ...item, score: isAlpha ? 0 : scoreOf(ask, item.weight) }))
    .sort((left, right) => sign * compare(left, right))
    .map(({ element }) => element);
}

interface Weighed {
  readonly element: string;
  readonly weight: string | undefined;
  readonly score: number;
}

type Compare = (left: Weighed, right: Weighed) => number;

function textOrder(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function byNumber(): Compare {
  return (left, right) => left.score - right.score || textOrder(left.element, right.element);
}

/** Compares by text; elements without a weight are first. */
function byText(hasPattern: boolean): Compare {
  if (!hasPattern) return (left, right) => textOrder(left.element, right.element);
  return ({ weight: left }, { weight: right }) => {
    if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? -1 : 1;
    return textOrder(left, right);
  };
}

function scoreOf(ask: CommandContext, text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  const score = parseDouble(text.trimStart());
  if (score === undefined) ask.refuse(NOT_A_WEIGHT);
  return score as number;
}

/** Returns the value of a pattern for an element: the element itself, a string, or a field of a hash. */
function valueFor(ask: CommandContext, pattern: string, element: string): string | undefined {
  if (pattern === '#') return element;
  const star = pattern.indexOf('*');
  if (star < 0) return undefined;
  const arrow = pattern.indexOf('->', star + 1);
  const hasField = arrow >= 0 && arrow + 2 < pattern.length;
  const end = hasField ? arrow : pattern.length;
  const name = pattern.slice(0, star) + element + pattern.slice(star + 1, end);
  const content = ask.data.find(name, ask.nowMs)?.content;
  if (hasField) {
    return content instanceof HashContent ? content.fields.get(pattern.slice(arrow + 2)) : undefined;
  }
  return content instanceof StringContent ? content.text : undefined;
}

const handler = parsed((ask) => parseSort(ask, false), sort);

export const SORT_ANSWERS: StoreHandlers = { sort: handler, sort_ro: handler };
