/**
 * A seeded stream of malloc, calloc, realloc and free, without time or threads, which any jemalloc can replay.
 */
import { Random } from '#slablab/src/base/index.js';
import { Kind } from '#slablab/src/stream/index.js';
import type { Words } from '../streams.js';

const OPERATIONS = 400_000;
const LIVE = 30_000;

export function everydayStream(): Words[] {
  const random = new Random(521);
  const live: number[] = [];
  const out: Words[] = [];
  const size = () => {
    const draw = random.below(1000);
    if (draw < 800) return 1 + random.below(512);
    return 1 + random.below(draw < 995 ? 16_384 : 2 ** 18);
  };
  for (let handle = 0; out.length < OPERATIONS; ) {
    const draw = random.below(100);
    // Ever more at first, then ever fewer for the last twentieth: slabs fill, churn, and empty by a third.
    const grows = out.length < OPERATIONS * 0.95 ? live.length < LIVE || draw < 45 : draw < 20;
    if (draw >= 90 && live.length > 0) {
      out.push([Kind.realloc, live[random.below(live.length)]!, size()]);
    } else if (grows || live.length === 0) {
      live.push(handle);
      out.push([draw % 8 === 0 ? Kind.calloc : Kind.malloc, handle++, size()]);
    } else {
      const at = random.below(live.length);
      out.push([Kind.free, live[at]!]);
      live[at] = live.at(-1)!;
      live.pop();
    }
  }
  return out;
}

/** Never purged, so that nothing hangs on how long a run takes; arenas as on a machine of 4 CPUs. */
export const EVERYDAY_CONF = 'narenas:16,dirty_decay_ms:-1,muzzy_decay_ms:-1';
