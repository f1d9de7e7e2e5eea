import { describeAsRecorded } from './held.js';

describeAsRecorded('redis-7.2.6');
