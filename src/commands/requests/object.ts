import type { RequestWords } from '../request-words.js';

const NOTE =
  'Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';

/** Returns why OBJECT IDLETIME or FREQ has no answer under an eviction policy; undefined if it has one. */
export function accessProblem(words: RequestWords, usesFrequency: boolean): string | undefined {
  if (usesFrequency && words.is(1, 'IDLETIME')) {
    return `ERR An LFU maxmemory policy is selected, idle time not tracked. ${NOTE}`;
  }
  if (!usesFrequency && words.is(1, 'FREQ')) {
    return `ERR An LFU maxmemory policy is not selected, access frequency not tracked. ${NOTE}`;
  }
  return undefined;
}
