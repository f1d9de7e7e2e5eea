import { describeAsRecorded } from './held.js';

describeAsRecorded('valkey-8.0.1');
