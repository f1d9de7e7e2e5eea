import { expect, test } from 'vitest';
import type { Occupancy } from '#slablab/src/verify/class-occupancy.js';
import { compare, DEFAULT_THRESHOLDS, LEAST_AMOUNTS, tooFar } from '#slablab/src/verify/server-comparison.js';
import type { VerifyResult } from '#slablab/src/verify/verify-result.js';
import {
  isWithoutTcaches,
  judgedWithoutTcaches,
  withoutTcaches,
} from '#slablab/src/verify/without-tcaches.js';

function occupancy(slabs: number, usedMemory = 1_000_000): Occupancy {
  const classes = [{ size: 1280, regs: 16, pages: 5, regions: slabs * 16, slabs }];
  return { classes, large: [], usedMemory, active: 0, allocated: 0 };
}

/** Returns the part of a result that is judged. */
function result(lab: Occupancy, server: Occupancy): VerifyResult {
  const idle = compare(lab, server);
  const exceeded = tooFar(idle, DEFAULT_THRESHOLDS);
  const phase = { name: 'end', idle, absolute: idle, serverKeys: 1, least: LEAST_AMOUNTS, exceeded };
  return { baseline: 'idle', thresholds: DEFAULT_THRESHOLDS, phases: [phase] } as unknown as VerifyResult;
}

test('sides that agree without tcaches may differ by what tcaches make of the server', () => {
  const [phase] = judgedWithoutTcaches(
    result(occupancy(1030), occupancy(1000)),
    result(occupancy(830), occupancy(830)),
  );
  expect(phase?.exceeded).toEqual([]);
  expect(phase?.least).toEqual({ ...LEAST_AMOUNTS, slabs: 170, regions: 170 * 16 });
});

test('and by no more than that', () => {
  const [phase] = judgedWithoutTcaches(
    result(occupancy(1030), occupancy(1000)),
    result(occupancy(980), occupancy(980)),
  );
  expect(phase?.exceeded).toEqual(['slabs', 'regions']);
});

test('sides that differ without tcaches, too, differ by their model', () => {
  const [phase] = judgedWithoutTcaches(
    result(occupancy(1030), occupancy(1000)),
    result(occupancy(860), occupancy(830)),
  );
  expect(phase?.exceeded).toEqual(['slabs', 'regions']);
  expect(phase?.least).toEqual(LEAST_AMOUNTS);
  expect(phase?.withoutTcaches?.exceeded).toEqual(['slabs', 'regions']);
});

test('used_memory does not count what tcaches hold, and must agree', () => {
  const [phase] = judgedWithoutTcaches(
    result(occupancy(1030, 900_000), occupancy(1000)),
    result(occupancy(830), occupancy(830)),
  );
  expect(phase?.exceeded).toEqual(['usedMemory']);
});

test('the configuration of the second comparison', () => {
  expect(withoutTcaches('')).toBe('tcache:false');
  expect(withoutTcaches('narenas:1')).toBe('narenas:1,tcache:false');
  expect(isWithoutTcaches('narenas:1,tcache:false')).toBe(true);
  expect(isWithoutTcaches('tcache:true')).toBe(false);
});
