import { readFileSync, writeFileSync } from 'node:fs';
import { Random } from '#slablab/src/base/index.js';
import type { Words } from '../replies/lengths.js';
import { CONNECTION_WORDS } from './connection-words.js';
import { answerCommands } from './forms.js';

export const RECORDING_SCHEMA = 'slablab.recorded-answers/1';

/** A real server's replies to commands of one client, in the form in which they are compared; long ones as digests. */
export interface Recording {
  readonly name: string;
  readonly exchanges: readonly (readonly [words: Words, reply: string])[];
}

export interface Recordings {
  readonly schema: typeof RECORDING_SCHEMA;
  readonly server: string;
  /** When it was taken, milliseconds since 1970. */
  readonly atMs: number;
  readonly recordings: readonly Recording[];
}

/** A line of JSON for what it is, and one for each exchange. */
const RECORDED = new URL('recorded-7.0.15.jsonl', import.meta.url);

export function readRecordings(): Recordings {
  const [head = '', ...lines] = readFileSync(RECORDED, 'utf8').trimEnd().split('\n');
  const byName = new Map<string, [Words, string][]>();
  for (const line of lines) {
    const [name, words, reply] = JSON.parse(line) as [string, Words, string];
    const exchanges = byName.get(name);
    if (exchanges === undefined) byName.set(name, [[words, reply]]);
    else exchanges.push([words, reply]);
  }
  return { ...JSON.parse(head), recordings: [...byName].map(([name, exchanges]) => ({ name, exchanges })) };
}

export function writeRecordings({ recordings, ...head }: Recordings): void {
  const lines = recordings.flatMap(({ name, exchanges }) => exchanges.map((exchange) => [name, ...exchange]));
  writeFileSync(RECORDED, `${[head, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`);
}

/** What is sent to record it. */
export function toRecord(): readonly { readonly name: string; readonly commands: readonly Words[] }[] {
  return [
    { name: 'RESP2', commands: [...answerCommands(new Random(1), 2500)] },
    { name: 'RESP3', commands: [['HELLO', '3'], ...answerCommands(new Random(2), 500)] },
    { name: 'connection', commands: CONNECTION_WORDS },
  ];
}
