import { describeAsRecorded, limitsOfSeeded } from './held.js';

describeAsRecorded('valkey-8.1.1', limitsOfSeeded);
