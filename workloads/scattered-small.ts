import { change, type KnownFigure } from './known.js';
import { integer } from './parameter.js';
import {
  estimatePopulateDelete,
  POPULATE_DELETE_PHASES,
  populateDelete,
  populatedContents,
} from './populate-delete.js';
import { defineWorkload } from './workload.js';

/** Both figures of used_memory have the same cause, which the arithmetic below was checked against. */
const ANOTHER_SERVER =
  'The published server was another one. Each deleted key took 149.7 bytes off its used_memory, where Redis 7.0 to ' +
  '7.2 take 168 off: value 112, entry 24, object 16, name 16 (verify: the real servers agree with the lab). 149.7 is ' +
  'what Redis 8 takes: value 112, object and name in one region of 32, and an entry of 16 for the 36% of keys that ' +
  'share a bucket with another.';

const PUBLISHED: readonly KnownFigure[] = [
  {
    figure: 'used_memory at populated',
    unit: 'bytes',
    stated: '159,647,568 bytes',
    min: 159_647_568 * 0.98,
    max: 159_647_568 * 1.02,
    measure: (at) => at('populated')?.memory.usedMemory,
    explanation: ANOTHER_SERVER,
  },
  {
    figure: 'used_memory at deleted, of that at populated',
    unit: 'share',
    stated: '84.8 of 159.6 MB',
    min: 0.51,
    max: 0.55,
    measure: change('populated', 'deleted', ({ memory }) => memory.usedMemory),
    explanation: ANOTHER_SERVER,
  },
  {
    figure: 'resident at deleted, of that at populated',
    unit: 'share',
    stated: '183.46 of 183.46 MB',
    min: 0.99,
    max: 1.01,
    measure: change('populated', 'deleted', ({ memory }) => memory.resident),
  },
  {
    figure: 'resident/used_memory at deleted',
    unit: 'ratio',
    stated: '2.16, with the 6 MB of a process that are not its heap',
    min: 1.95,
    max: 2.2,
    measure: (at) => {
      const memory = at('deleted')?.memory;
      return memory && memory.resident / memory.usedMemory;
    },
  },
];

/** The same deletes among ten times as many keys with a tenth of the value: all regions are small. */
export const scatteredSmall = defineWorkload({
  name: 'scattered-small',
  summary: 'DEBUG POPULATE a million keys of 100 bytes, then DEL of the odd ones',
  source: 'drainability-profiler, examples/redis/baseline-results.txt (2026)',
  shows:
    'used_memory 159.65 -> 84.81 MB, RSS flat at 183.46 MB, mem_fragmentation_ratio 1.15 -> 2.16: half of the data ' +
    'goes and none of the memory',
  parameters: {
    keys: integer(1_000_000, 1, 50_000_000, 'keys to populate'),
    valueBytes: integer(100, 0, 536_870_912, 'length of each value; 0: the text value:<index>'),
  },
  phases: POPULATE_DELETE_PHASES,
  contents: ({ keys, valueBytes }, server) => populatedContents(keys, valueBytes, server),
  estimateOperations: ({ keys }) => estimatePopulateDelete(keys, 0.5),
  traffic: (values) => populateDelete({ ...values, order: 'odd', drop: 0.5, seed: 1 }),
  known: ({ keys, valueBytes }) => (keys === 1_000_000 && valueBytes === 100 ? PUBLISHED : []),
});
