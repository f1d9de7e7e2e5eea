import { parseDouble } from '../../base/index.js';
import type { CommandContext } from '../command-context.js';
import { ReplyError, syntaxError, WRONG_TYPE } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { HashContent, ListContent, SetContent, SortedContent, StringContent } from '../values.js';

interface SortRequest {
  isDescending: boolean;
  isAlpha: boolean;
  by: string | undefined;
  readonly get: string[];
  /** Argument with the key to store in; 0: none. */
  store: number;
  offset: number;
  /** Negative: all. */
  limit: number;
}

function requestOf(ask: CommandContext, mayStore: boolean): SortRequest {
  const found: SortRequest = {
    isDescending: false,
    isAlpha: false,
    by: undefined,
    get: [],
    store: 0,
    offset: 0,
    limit: -1,
  };
  for (let index = 2; index < ask.count; index++) {
    const left = ask.count - index - 1;
    if (ask.is(index, 'ASC')) found.isDescending = false;
    else if (ask.is(index, 'DESC')) found.isDescending = true;
    else if (ask.is(index, 'ALPHA')) found.isAlpha = true;
    else if (ask.is(index, 'LIMIT') && left >= 2) {
      found.offset = ask.integer(++index);
      found.limit = ask.integer(++index);
    } else if (mayStore && ask.is(index, 'STORE') && left >= 1) found.store = ++index;
    else if (ask.is(index, 'BY') && left >= 1) found.by = ask.text(++index);
    else if (ask.is(index, 'GET') && left >= 1) found.get.push(ask.text(++index));
    else throw syntaxError();
  }
  return found;
}

/** SORT key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA] [STORE key] */
function sort(mayStore: boolean) {
  return (ask: CommandContext): void => {
    const request = requestOf(ask, mayStore);
    const { store, get } = request;
    const elements = limited(request, sorted(ask, request));
    const said = elements.flatMap((element) =>
      get.length === 0 ? [element] : get.map((pattern) => valueFor(ask, pattern, element)),
    );
    if (store === 0) {
      ask.reply.array(said.length);
      for (const text of said) ask.reply.bulkOrNil(text);
      return;
    }
    const list = new ListContent(ask.limits);
    for (const text of said) list.items.push(text ?? '');
    ask.storeAt(store, list);
    ask.reply.integer(list.size);
  };
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
    // The server reads it as a skiplist, and leaves it as one.
    content.encoding = 'skiplist';
    return [...content.order].map(({ name }) => name);
  }
  throw new ReplyError(WRONG_TYPE);
}

function sorted(ask: CommandContext, request: SortRequest): readonly string[] {
  const elements = elementsOf(ask);
  let { by, isAlpha } = request;
  if (by !== undefined && !by.includes('*')) {
    // What a set is stored from must have an order.
    const isSet = ask.find(1)?.content instanceof SetContent;
    if (!isSet || request.store === 0) {
      return request.isDescending && !isSet ? [...elements].reverse() : elements;
    }
    isAlpha = true;
    by = undefined;
  }
  const weight = (element: string) => (by === undefined ? element : valueFor(ask, by, element));
  const compare = isAlpha ? byText(by !== undefined) : byNumber();
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

/** What has no weight comes first. */
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
  if (score === undefined) ask.refuse("ERR One or more scores can't be converted into double");
  return score as number;
}

/** What stands behind a pattern for an element: itself, a string, or a field of a hash. */
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

export const SORT_ANSWERS: StoreHandlers = {
  sort: sort(true),
  sort_ro: sort(false),
};
