import { CommandWriter } from '../src/commands/index.js';
import { integer, share } from './parameter.js';
import { defineWorkload } from './workload.js';

const BURSTS = [1, 2, 3];

/** Queues that fill up in bursts and are worked off: what is left in them holds what they had. */
export const queueDrain = defineWorkload({
  name: 'queue-drain',
  summary: 'three times: RPUSH to all queues in turn, then LPOP until a share of each is left',
  source: 'a pattern of job queues; nothing was published of it',
  shows:
    'a queue is a chain of 8 KiB listpacks that are freed as they empty: they are whole slabs, or nearly, so that what ' +
    'is drained comes back',
  parameters: {
    queues: integer(100, 1, 1_000_000, 'lists'),
    items: integer(2000, 1, 1_000_000, 'items that a burst pushes to each'),
    itemBytes: integer(200, 1, 1_000_000, 'length of an item'),
    left: share(0.01, 'share of a burst that stays in each queue'),
  },
  phases: BURSTS.flatMap((burst) => [
    { name: `pushed-${burst}`, meaning: `burst ${burst} has arrived` },
    { name: `drained-${burst}`, meaning: `and is worked off` },
  ]),
  estimateOperations: ({ queues, items, left }) => BURSTS.length * queues * items * (9 + 6 * (1 - left)),

  *traffic({ queues, items, itemBytes, left }) {
    const words = new CommandWriter();
    const pops = Math.floor(items * (1 - left));
    for (const burst of BURSTS) {
      for (let item = 0; item < items; item++) {
        for (let queue = 0; queue < queues; queue++) yield words.filled(itemBytes, 'RPUSH', `queue:${queue}`);
      }
      yield { phase: `pushed-${burst}`, isMark: burst === 1 };
      for (let item = 0; item < pops; item++) {
        for (let queue = 0; queue < queues; queue++) yield words.words('LPOP', `queue:${queue}`);
      }
      yield { phase: `drained-${burst}` };
    }
  },
});
