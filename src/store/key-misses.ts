import type { CommandInfo } from '../commands/index.js';

/** The other commands that read keys, by the first and the last argument that is such a key. */
const READING: Readonly<Record<string, readonly [first: number, last: number]>> = {
  getex: [1, 1],
  getset: [1, 1],
  getdel: [1, 1],
  copy: [1, 1],
  xinfo: [2, 2],
  sort: [1, 1],
  bitop: [3, Number.POSITIVE_INFINITY],
  pfmerge: [2, Number.POSITIVE_INFINITY],
  sinterstore: [2, Number.POSITIVE_INFINITY],
  sunionstore: [2, Number.POSITIVE_INFINITY],
  sdiffstore: [2, Number.POSITIVE_INFINITY],
  zinterstore: [3, Number.POSITIVE_INFINITY],
  zunionstore: [3, Number.POSITIVE_INFINITY],
  zdiffstore: [3, Number.POSITIVE_INFINITY],
  zrangestore: [2, 2],
  geosearchstore: [2, 2],
  georadius: [1, 1],
  georadiusbymember: [1, 1],
};

/** Whether a server looks up an argument's key to read it, so that a missing one is an event. */
export function readsKeyAt({ name, flags }: CommandInfo, index: number): boolean {
  if (flags.has('readonly')) return true;
  const places = READING[name];
  return places !== undefined && index >= places[0] && index <= places[1];
}
