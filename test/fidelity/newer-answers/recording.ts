/** Real servers' replies to commands that older ones lack, in the form in which they are compared. */
import { Random } from '#slablab/src/base/index.js';
import { AnswerRecordings } from '../answers/server-answers.js';
import type { Words } from '../replies/lengths.js';
import { newerCommands } from './forms.js';

export const RECORDINGS = new AnswerRecordings(
  new URL('.', import.meta.url),
  ['redis-8.6.3', 'valkey-8.1.1', 'valkey-9.1.2'],
  newerForm,
);

/** The commands that are recorded of each server. */
export function wordsToRecord(): Words[] {
  return [...newerCommands(new Random(11), 1500)];
}

/** A reply without the names of unknown commands' arguments and the ids that the time of the recording decides. */
function newerForm(_: Words, reply: string): string {
  return reply.replace(/\d{13}-\d+/g, 'now').replace(/\$\d+\r\nnow/g, '$now');
}
