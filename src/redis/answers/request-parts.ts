import type { Ask } from './ask.js';
import { syntaxError } from './refusal.js';

/** What LMPOP and ZMPOP say: numkeys key … where [COUNT n]. */
export function multiplePop<Where>(
  ask: Ask,
  whereAt: (ask: Ask, index: number) => Where,
): { readonly keys: number; readonly where: Where; readonly count: number } {
  const positive = (index: number, message: string) => {
    const value = ask.integer(index, message);
    if (value <= 0) ask.refuse(message);
    return value;
  };
  const keys = positive(1, 'ERR numkeys should be greater than 0');
  const index = 2 + keys;
  if (!ask.has(index)) throw syntaxError();
  const where = whereAt(ask, index);
  let count: number | undefined;
  for (let next = index + 1; next < ask.count; next += 2) {
    if (count !== undefined || !ask.is(next, 'COUNT') || !ask.has(next + 1)) throw syntaxError();
    count = positive(next + 1, 'ERR count should be greater than 0');
  }
  return { keys, where, count: count ?? 1 };
}

/** LIMIT of SINTERCARD and ZINTERCARD from argument `from` on; 0: none. */
export function cardinalityLimit(ask: Ask, from: number): number {
  let limit = 0;
  for (let next = from; next < ask.count; next += 2) {
    if (!ask.is(next, 'LIMIT') || !ask.has(next + 1)) throw syntaxError();
    limit = ask.integer(next + 1, "ERR LIMIT can't be negative");
    if (limit < 0) ask.refuse("ERR LIMIT can't be negative");
  }
  return limit;
}
