/** DEBUG POPULATE: keys as that command makes them, by commands that the store and the model know. */

import { setImmediate as turn } from 'node:timers/promises';
import { MIB } from '../base/index.js';
import { error, type LabReply, ok } from '../resp/node.js';

const MOST = 100_000_000;
/** Keys between two looks at the other clients. */
const AT_ONCE = 1000;

/** count [prefix [size]]: `key:0` = `value:0`, …; a size cuts the value, or fills it up with zero bytes. */
export async function populate(
  words: readonly string[],
  ask: (words: readonly string[]) => Promise<Buffer>,
): Promise<LabReply> {
  const [count = '', prefix = 'key', size] = words;
  const keys = /^\d{1,9}$/.test(count) ? Number(count) : Number.NaN;
  const bytes = size === undefined ? 0 : /^\d{1,9}$/.test(size) ? Number(size) : Number.NaN;
  if (words.length > 3 || !(keys <= MOST) || !(bytes <= 512 * MIB)) {
    return error('ERR value is out of range, must be positive');
  }
  for (let key = 0; key < keys; key++) {
    const value = `value:${key}`;
    const content = bytes === 0 ? value : value.slice(0, bytes).padEnd(bytes, '\0');
    // What is there already stays.
    await ask(['SET', `${prefix}:${key}`, content, 'NX']);
    if (key % AT_ONCE === AT_ONCE - 1) await turn();
  }
  return ok;
}
