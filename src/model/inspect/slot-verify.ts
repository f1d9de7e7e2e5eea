import { keySlot, walkedSize } from '../keyspace/index.js';
import { NO_SLOT_ERROR, parseSlot, type SlotStatsServer } from './slot-stats.js';

interface SlotVerification {
  readonly slot: number;
  readonly trackedKeys: number;
  readonly walkedKeys: number;
  readonly trackedBytes: number;
  readonly walkedBytes: number;
}

/** Walks the keys of a slot and their values; undefined if cluster-slot-stats-enabled is off. */
function verifySlot(server: SlotStatsServer, slot: number): SlotVerification | undefined {
  const { keyspace, databases } = server;
  const { slots } = keyspace;
  if (slots === undefined) return undefined;
  let walkedKeys = 0;
  let walkedBytes = 0;
  for (const { keys } of databases) {
    for (const row of keys.rowsAround(slot)) {
      const name = keyspace.nameOf(row);
      if (keySlot(name, 0, name.length) !== slot) continue;
      walkedKeys++;
      walkedBytes += walkedSize(keyspace, row);
    }
  }
  const trackedKeys = slots.keyCounts[slot]!;
  return { slot, trackedKeys, walkedKeys, trackedBytes: slots.bytes[slot]!, walkedBytes };
}

/** Answers DEBUG SLOT-VERIFY-MEMORY with the words after it. No error means OK. */
export function answerSlotVerify(
  server: SlotStatsServer,
  words: readonly string[],
): { readonly error: string | undefined } {
  if (words.length !== 1) {
    return { error: "ERR wrong number of arguments for 'debug|slot-verify-memory' command" };
  }
  const slot = parseSlot(words[0] ?? '');
  if (slot === undefined) return { error: NO_SLOT_ERROR };
  const found = verifySlot(server, slot);
  if (found === undefined) {
    return { error: 'ERR slots are not accounted for; say CONFIG SET cluster-slot-stats-enabled yes' };
  }
  return { error: mismatchOf(found) };
}

function mismatchOf(found: SlotVerification): string | undefined {
  const { slot, trackedBytes, walkedBytes, trackedKeys, walkedKeys } = found;
  if (trackedBytes === walkedBytes && trackedKeys === walkedKeys) return undefined;
  return (
    `ERR slot ${slot}: memory-logical-bytes is ${trackedBytes}, a walk finds ${walkedBytes} ` +
    `(${walkedBytes - trackedBytes} more); key-count is ${trackedKeys}, a walk finds ${walkedKeys}`
  );
}
