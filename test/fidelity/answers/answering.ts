import { createHash } from 'node:crypto';
import { findServer } from '#slablab/src/model/index.js';
import { Store } from '#slablab/src/store/index.js';
import type { Words } from '../replies/lengths.js';
import { normalForm, normalFormOfAll } from './normal-form.js';

export interface Answered {
  readonly words: Words;
  /** In the form in which replies are compared. */
  readonly reply: string;
  /** The same form of another server's reply to that command. */
  normal(reply: Uint8Array): string;
}

/** What the answers say to the commands of one client. */
export function* answered(version: string, commands: Iterable<Words>, nowMs: number): Generator<Answered> {
  const answers = new Store({ version: findServer(version)!, seed: 1, startMs: nowMs });
  // What is slow depends on the machine.
  answers.store.slowLog.limitTo(0);
  const session = answers.connect({ id: 1, nowMs });
  for (const words of commands) {
    const database = answers.store.databases[session.database];
    const isTable = words.some((word) => database?.keys.get(word)?.content.encoding === 'hashtable');
    const isAll = /^(KEYS|SCAN|ZSCAN|ZRANDMEMBER)$/i.test(words[0] ?? '');
    const queued = session.queued?.map(({ args }) => args);
    const normal = (reply: Uint8Array) =>
      queued !== undefined && /^EXEC$/i.test(words[0] ?? '')
        ? normalFormOfAll(queued, reply)
        : normalForm(words, reply, isTable || isAll);
    const args = words.map((word) => Buffer.from(word, 'latin1'));
    const { reply } = answers.answer(session, args, nowMs);
    yield { words, reply: normal(reply), normal };
  }
}

/** Where answers differ from another server's, as lines to read. */
export function differences(all: Iterable<Answered>, replies: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  let at = 0;
  for (const { words, reply, normal } of all) {
    const other = normal(replies[at]!);
    if (other !== reply) lines.push(`#${at} ${words.join(' ').slice(0, 200)}: ${apart(reply, other)}`);
    at++;
  }
  return lines;
}

const LONGEST_KEPT = 1000;

/** A reply as it is kept in a file: as a digest, if it is long. */
export function kept(reply: string): string {
  if (reply.length <= LONGEST_KEPT) return reply;
  const digest = createHash('sha256').update(reply, 'latin1').digest('hex');
  return `${reply.length} bytes, sha256 ${digest}`;
}

/** What stands where two replies first differ. */
function apart(own: string, other: string): string {
  let at = 0;
  while (own[at] === other[at]) at++;
  const part = (reply: string) => JSON.stringify(reply.slice(Math.max(0, at - 80), at + 160));
  return `at ${at} ${part(own)}, the server ${part(other)}`;
}
