/** CLUSTER SLOT-STATS and DEBUG SLOT-VERIFY-MEMORY of a modelled server, as replies. */
import { answerSlotStats, answerSlotVerify, type RedisServer } from '../redis/index.js';
import type { ReplyWriter } from './reply-writer.js';

/** `words`: what follows CLUSTER SLOT-STATS. */
export function replySlotStats(server: RedisServer, words: readonly string[], reply: ReplyWriter): void {
  const answer = answerSlotStats(server, words);
  if (answer.error !== undefined) {
    reply.error(answer.error);
    return;
  }
  reply.array(answer.slots.length);
  for (const { slot, keyCount, memoryLogicalBytes } of answer.slots) {
    reply.array(2);
    reply.integer(slot);
    reply.map(memoryLogicalBytes === undefined ? 1 : 2);
    reply.bulk('key-count');
    reply.integer(keyCount);
    if (memoryLogicalBytes === undefined) continue;
    reply.bulk('memory-logical-bytes');
    reply.integer(memoryLogicalBytes);
  }
}

/** `words`: what follows DEBUG SLOT-VERIFY-MEMORY. */
export function replySlotVerify(server: RedisServer, words: readonly string[], reply: ReplyWriter): void {
  const { error } = answerSlotVerify(server, words);
  if (error === undefined) reply.status('OK');
  else reply.error(error);
}
