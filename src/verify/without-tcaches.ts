/**
 * The comparison without tcaches. What tcaches hold, and the slabs that this pins, depends on all that a server has
 * allocated since its start, to the byte. Two starts of one server therefore differ in it, and so does the lab. Without
 * tcaches nothing of that is left, and a difference is one of the model.
 */

import type { Occupancy } from './class-occupancy.js';
import { type Amounts, type Comparison, compare, LEAST_AMOUNTS, tooFar } from './server-comparison.js';
import type { VerifyPhase, VerifyResult } from './verify-result.js';

const WITHOUT = 'tcache:false';

export function isWithoutTcaches(conf: string): boolean {
  return conf.split(',').includes(WITHOUT);
}

export function withoutTcaches(conf: string): string {
  return conf === '' ? WITHOUT : `${conf},${WITHOUT}`;
}

/** Returns the phases of `result`, judged again with those of the same comparison without tcaches. */
export function judgedWithoutTcaches(result: VerifyResult, again: VerifyResult): readonly VerifyPhase[] {
  const { baseline, thresholds } = result;
  return result.phases.map((phase, index) => {
    const other = again.phases[index];
    if (other === undefined) throw new Error(`there is no phase \`${phase.name}\` without tcaches`);
    const comparison = other[baseline];
    const without = { comparison, exceeded: other.exceeded };
    const least = other.exceeded.length > 0 ? LEAST_AMOUNTS : leastOf(phase[baseline], comparison);
    return { ...phase, least, exceeded: tooFar(phase[baseline], thresholds, least), withoutTcaches: without };
  });
}

/** Returns the amounts by which the server itself differs between its runs with and without tcaches. */
function leastOf(withTcaches: Comparison, without: Comparison): Amounts {
  const { slabs, regions } = compare(serverIn(withTcaches), serverIn(without)).amounts;
  // The regions of a tcache do not count as used_memory.
  return {
    ...LEAST_AMOUNTS,
    slabs: Math.max(slabs, LEAST_AMOUNTS.slabs),
    regions: Math.max(regions, LEAST_AMOUNTS.regions),
  };
}

function serverIn({ classes, memory }: Comparison): Occupancy {
  return {
    classes: classes.map(({ size, regs, pages, regions, slabs }) => {
      return { size, regs, pages, regions: regions.server, slabs: slabs.server };
    }),
    large: [],
    usedMemory: memory.usedMemory.server,
    active: memory.active.server,
    allocated: memory.allocated.server,
  };
}
