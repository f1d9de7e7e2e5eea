import { describeAsRecorded, limitsOfSeeded } from './held.js';

describeAsRecorded('valkey-9.1.2', limitsOfSeeded);
