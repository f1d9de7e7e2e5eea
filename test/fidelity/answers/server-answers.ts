/** Real servers' replies to one list of commands, recorded in a file for each server of a directory. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { Server } from '../../input/support/server.js';
import { asking } from '../../store/support.js';
import type { Words } from '../replies/lengths.js';
import { repliesOf } from './exchange.js';

export interface ServerAnswers {
  /** The server, as its recordings are named: valkey-9.1.2. */
  readonly server: string;
  /** The time of the recording in milliseconds since 1970. */
  readonly atMs: number;
  readonly exchanges: readonly (readonly [words: Words, reply: string])[];
}

/** The form in which the replies to some words are compared. */
export type ReplyForm = (words: Words, reply: string) => string;

export class AnswerRecordings {
  /** The servers that there are recordings of. */
  readonly servers: readonly string[];
  readonly #directory: URL;
  readonly #form: ReplyForm;

  constructor(directory: URL, servers: readonly string[], form: ReplyForm) {
    this.#directory = directory;
    this.#form = form;
    this.servers = servers.filter((server) => existsSync(this.#fileOf(server)));
  }

  of(server: string): ServerAnswers {
    const [head = '', ...lines] = readFileSync(this.#fileOf(server), 'utf8').trimEnd().split('\n');
    return { ...JSON.parse(head), exchanges: lines.map((line) => JSON.parse(line)) };
  }

  /** Records what the server in SLABLAB_RECORD_BIN replies to commands. */
  async record(commands: readonly Words[]): Promise<void> {
    const path = process.env.SLABLAB_RECORD_BIN;
    if (path === undefined) throw new Error('set SLABLAB_RECORD_BIN to a server');
    const { product, version } = await inspectBinary(path);
    const head = { server: `${product}-${version}`, atMs: Date.now() };
    const server = await Server.start(path, []);
    const replies = await repliesOf(server.port, commands);
    await server.remove();
    const exchanges = commands.map(
      (words, at) => [words, this.#form(words, replies[at]!.toString('latin1'))] as const,
    );
    const lines = [head, ...exchanges].map((line) => JSON.stringify(line));
    writeFileSync(this.#fileOf(head.server), `${lines.join('\n')}\n`);
  }

  /** Lists the recorded commands that the store answers otherwise, when one is sent every `everyMs` milliseconds. */
  differences({ server, atMs, exchanges }: ServerAnswers, everyMs: number): string[] {
    const { connect, answers } = asking(server.replace(/\.\d+$/, ''), { startMs: atMs });
    const session = connect();
    const different: string[] = [];
    for (const [at, [words, expected]] of exchanges.entries()) {
      const args = words.map((word) => Buffer.from(word, 'latin1'));
      const { reply } = answers.answer(session, args, atMs + at * everyMs);
      const got = this.#form(words, Buffer.from(reply).toString('latin1'));
      if (got === expected) continue;
      const shown = words.join(' ').slice(0, 150);
      different.push(`#${at} ${shown}: ${JSON.stringify(got)}, the server ${JSON.stringify(expected)}`);
    }
    return different;
  }

  #fileOf(server: string): URL {
    return new URL(`${server}.jsonl`, this.#directory);
  }
}
