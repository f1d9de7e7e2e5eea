import {
  answerMemoryUsage,
  answerSlotStats,
  answerSlotVerify,
  type RedisServer,
  type SlotFigures,
} from '../model/index.js';
import { array, bulk, error, integer, type LabReply, ok } from '../resp/node.js';
/** Returns the reply to CLUSTER SLOT-STATS with `words` as its arguments. */
export function slotStatsReply(server: RedisServer, words: readonly string[]): LabReply {
  const answer = answerSlotStats(server, words);
  return answer.error === undefined ? array(...answer.slots.map(slotReply)) : error(answer.error);
}

/** Returns the reply to DEBUG SLOT-VERIFY-MEMORY with `words` as its arguments. */
export function slotVerifyReply(server: RedisServer, words: readonly string[]): LabReply {
  const answer = answerSlotVerify(server, words);
  return answer.error === undefined ? ok : error(answer.error);
}

/** Returns the reply to MEMORY USAGE with `words` as its arguments. */
export function memoryUsageReply(server: RedisServer, database: number, words: readonly string[]): LabReply {
  const answer = answerMemoryUsage(server, server.databases[database]!, words);
  if (answer.error !== undefined) return error(answer.error);
  return answer.bytes === undefined ? { kind: 'null' } : integer(answer.bytes);
}

function slotReply({ slot, keyCount, memoryLogicalBytes }: SlotFigures): LabReply {
  const entries: (readonly [LabReply, LabReply])[] = [[bulk('key-count'), integer(keyCount)]];
  if (memoryLogicalBytes !== undefined) {
    entries.push([bulk('memory-logical-bytes'), integer(memoryLogicalBytes)]);
  }
  return array(integer(slot), { kind: 'map', entries });
}
