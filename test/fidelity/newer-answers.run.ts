/**
 * Records newer-answers/<server>.jsonl from a server:
 *
 *   SLABLAB_RECORD_BIN=redis-server npx vitest run --config test/fidelity/record.config.ts test/fidelity/newer-answers.run.ts
 */
import { test } from 'vitest';
import { RECORDINGS, wordsToRecord } from './newer-answers/recording.js';

test('records what a server replies', () => RECORDINGS.record(wordsToRecord()));
