/** DEBUG POPULATE makes keys by commands that store and model know. */
import { setImmediate as turn } from 'node:timers/promises';
import { MIB } from '../base/index.js';
import { error, type LabReply, ok } from '../resp/node.js';

const MAX_KEYS = 100_000_000;
/** The number of keys after which other clients have their turn. */
const KEYS_PER_TURN = 1000;

/**
 * Executes DEBUG POPULATE count [prefix [size]] as SET commands: `key:0` = `value:0`, and so on. A size cuts or zero-fills
 * the value.
 */
export async function populate(
  words: readonly string[],
  ask: (words: readonly string[]) => Promise<Buffer>,
): Promise<LabReply> {
  const [count = '', prefix = 'key', size] = words;
  const keys = /^\d{1,9}$/.test(count) ? Number(count) : Number.NaN;
  const bytes = size === undefined ? 0 : /^\d{1,9}$/.test(size) ? Number(size) : Number.NaN;
  if (words.length > 3 || !(keys <= MAX_KEYS) || !(bytes <= 512 * MIB)) {
    return error('ERR value is out of range, must be positive');
  }
  for (let key = 0; key < keys; key++) {
    const value = `value:${key}`;
    const content = bytes === 0 ? value : value.slice(0, bytes).padEnd(bytes, '\0');
    // Existing keys are kept.
    await ask(['SET', `${prefix}:${key}`, content, 'NX']);
    if (key % KEYS_PER_TURN === KEYS_PER_TURN - 1) await turn();
  }
  return ok;
}
