import { describeAsRecorded, limitsOfSeeded } from './held.js';

describeAsRecorded('redis-8.0.2', limitsOfSeeded, { slabs: 0.011, regions: 0.005, usedMemory: 0.005 });
