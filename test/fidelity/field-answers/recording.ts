/** Real servers' replies to commands on hashes with fields that expire, in the form in which they are compared. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Random } from '#slablab/src/base/index.js';
import type { Words } from '../replies/lengths.js';
import { fieldCommands } from './forms.js';

export interface FieldRecording {
  /** The server, as its recordings are named: valkey-9.1.2. */
  readonly server: string;
  /** The time of the recording in milliseconds since 1970. */
  readonly atMs: number;
  readonly exchanges: readonly (readonly [words: Words, reply: string])[];
}

function fileOf(server: string): URL {
  return new URL(`${server}.jsonl`, import.meta.url);
}

export function readFieldRecording(server: string): FieldRecording {
  const [head = '', ...lines] = readFileSync(fileOf(server), 'utf8').trimEnd().split('\n');
  return { ...JSON.parse(head), exchanges: lines.map((line) => JSON.parse(line)) };
}

export function writeFieldRecording({ exchanges, ...head }: FieldRecording): void {
  const lines = [head, ...exchanges].map((line) => JSON.stringify(line));
  writeFileSync(fileOf(head.server), `${lines.join('\n')}\n`);
}

export const RECORDED_SERVERS = ['redis-8.0.2', 'redis-8.6.3', 'valkey-9.1.2'].filter((server) =>
  existsSync(fileOf(server)),
);

/** The commands that are recorded of each server. */
export function wordsToRecord(): Words[] {
  return [...fieldCommands(new Random(9), 1500)];
}

/** A reply without what the time of the recording decides. */
export function fieldForm([name = '']: Words, reply: string): string {
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
