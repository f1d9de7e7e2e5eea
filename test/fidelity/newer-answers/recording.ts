/** Real servers' replies to commands that older ones lack, in the form in which they are compared. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Random } from '#slablab/src/base/index.js';
import type { Words } from '../replies/lengths.js';
import { newerCommands } from './forms.js';

export interface NewerRecording {
  /** The server, as its recordings are named: valkey-9.1.2. */
  readonly server: string;
  /** The time of the recording in milliseconds since 1970. */
  readonly atMs: number;
  readonly exchanges: readonly (readonly [words: Words, reply: string])[];
}

function fileOf(server: string): URL {
  return new URL(`${server}.jsonl`, import.meta.url);
}

export function readNewerRecording(server: string): NewerRecording {
  const [head = '', ...lines] = readFileSync(fileOf(server), 'utf8').trimEnd().split('\n');
  return { ...JSON.parse(head), exchanges: lines.map((line) => JSON.parse(line)) };
}

export function writeNewerRecording({ exchanges, ...head }: NewerRecording): void {
  const lines = [head, ...exchanges].map((line) => JSON.stringify(line));
  writeFileSync(fileOf(head.server), `${lines.join('\n')}\n`);
}

export const RECORDED_SERVERS = ['redis-8.6.3', 'valkey-8.1.1', 'valkey-9.1.2'].filter((server) =>
  existsSync(fileOf(server)),
);

/** The commands that are recorded of each server. */
export function wordsToRecord(): Words[] {
  return [...newerCommands(new Random(11), 1500)];
}

/** A reply without the names of unknown commands' arguments and the ids that the time of the recording decides. */
export function newerForm(reply: string): string {
  return reply.replace(/\d{13}-\d+/g, 'now').replace(/\$\d+\r\nnow/g, '$now');
}
