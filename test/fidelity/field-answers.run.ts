/**
 * Records field-answers/<server>.jsonl from a server that has fields that expire:
 *
 *   SLABLAB_RECORD_BIN=redis-server npx vitest run --config test/fidelity/record.config.ts test/fidelity/field-answers.run.ts
 */
import { test } from 'vitest';
import { RECORDINGS, wordsToRecord } from './field-answers/recording.js';

test('records what a server replies', () => RECORDINGS.record(wordsToRecord()));
