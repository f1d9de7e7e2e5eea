import { answerSlotStats, SLOT_METRICS } from '../inspect/index.js';
import type { Call, Handlers } from '../server/index.js';

/** The assumed bytes of the text with which other forms of CLUSTER reply. */
const TEXT_BYTES = 500;

function cluster(call: Call): void {
  if (!call.is(1, 'SLOT-STATS')) {
    call.reply.bulk(TEXT_BYTES);
    return;
  }
  const words = Array.from({ length: call.count - 2 }, (_, index) => call.text(index + 2));
  const answer = answerSlotStats(call.server, words);
  if (answer.error !== undefined) {
    call.reply.error(answer.error);
    return;
  }
  call.reply.array(answer.slots.length);
  for (const { slot, keyCount, memoryLogicalBytes } of answer.slots) {
    call.reply.array(2);
    call.reply.integer(slot);
    // RESP2 writes a map as an array of twice as many elements.
    const figures = memoryLogicalBytes === undefined ? [keyCount] : [keyCount, memoryLogicalBytes];
    call.reply.array(figures.length * 2);
    for (const [index, figure] of figures.entries()) {
      call.reply.bulk((SLOT_METRICS[index] as string).length);
      call.reply.integer(figure);
    }
  }
}

export const CLUSTER_COMMANDS: Handlers = {
  cluster,
};
