/** Real servers' replies to commands on hashes with fields that expire, in the form in which they are compared. */
import { Random } from '#slablab/src/base/index.js';
import { AnswerRecordings } from '../answers/server-answers.js';
import type { Words } from '../replies/lengths.js';
import { fieldCommands } from './forms.js';

export const RECORDINGS = new AnswerRecordings(
  new URL('.', import.meta.url),
  ['redis-8.0.2', 'redis-8.6.3', 'valkey-9.1.2'],
  fieldForm,
);

/** The commands that are recorded of each server. */
export function wordsToRecord(): Words[] {
  return [...fieldCommands(new Random(9), 1500)];
}

/** A reply without what the time of the recording decides. */
function fieldForm([name = '']: Words, reply: string): string {
  if (name === 'HGETALL') return sortedPairs(reply);
  if (!/TTL$|TIME$/.test(name)) return reply;
  return reply.replace(/^:(\d{5,})\r$/gm, (line, digits: string) =>
    digits.startsWith('41024448') ? line : ':later\r',
  );
}

/** The order of a hash table is the server's own. */
function sortedPairs(reply: string): string {
  const [head, ...parts] = reply.split(/(?=\$\d)/);
  const pairs: string[] = [];
  for (let at = 0; at < parts.length; at += 2) pairs.push(`${parts[at]}${parts[at + 1]}`);
  return [head, ...pairs.sort()].join('');
}
