import { GREATEST_ID, LEAST_ID, parseId, type StreamId } from '../commands/index.js';
import type { CommandContext } from './command-context.js';

const INVALID_ID = 'ERR Invalid stream ID specified as stream command argument';

export function idText({ ms, seq }: StreamId): string {
  return `${part(ms)}-${part(seq)}`;
}

function part(number: number): string {
  return number === Infinity ? '18446744073709551615' : `${number}`;
}

/** "ms-seq" or "ms"; nothing else. */
export function strictId(ask: CommandContext, text: string, missing = 0): StreamId {
  const id = parseId(text, missing);
  if (id === undefined) ask.refuse(INVALID_ID);
  return id as StreamId;
}

/** An end of a range: "-", "+", an id, or "(" and an id. */
export function rangeId(ask: CommandContext, text: string, isStart: boolean): StreamId {
  if (text === '-') return LEAST_ID;
  if (text === '+') return GREATEST_ID;
  const isOpen = text.startsWith('(') && text.length > 1;
  const id = strictId(ask, isOpen ? text.slice(1) : text, isStart ? 0 : Infinity);
  if (!isOpen) return id;
  return isStart ? idAfter(id) : idBefore(ask, id);
}

export function idAfter({ ms, seq }: StreamId): StreamId {
  return seq === Infinity ? { ms: ms + 1, seq: 0 } : { ms, seq: seq + 1 };
}

function idBefore(ask: CommandContext, { ms, seq }: StreamId): StreamId {
  if (seq > 0) return { ms, seq: seq === Infinity ? Number.MAX_SAFE_INTEGER : seq - 1 };
  if (ms === 0) ask.refuse('ERR invalid end ID for the interval');
  return { ms: ms - 1, seq: Infinity };
}
