/** Asks a running server for the texts that explain reads. */
import type { Socket } from 'node:net';
import type { NamedText } from '../analysis/index.js';
import { InputError } from '../base/index.js';
import { Connection } from '../resp/node.js';
import { dial, greeting, readyEvent, type Upstream } from '../serve/node.js';

const PATIENCE = { replyMs: 10_000 };

/** Returns INFO and, if the server prints it, MEMORY MALLOC-STATS. Throws an InputError if the server refuses INFO. */
export async function askServer(upstream: Upstream): Promise<NamedText> {
  const connection = Connection.over(await connected(upstream), PATIENCE);
  try {
    for (const words of greeting(upstream)) await answer(connection, upstream, words);
    const info = await answer(connection, upstream, ['INFO']);
    const stats = await optionalAnswer(connection, ['MEMORY', 'MALLOC-STATS']);
    return { name: upstream.url, text: `${info}\n${stats}` };
  } finally {
    connection.close();
  }
}

function connected(upstream: Upstream): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = dial(upstream);
    socket.once('error', (error) => {
      reject(new InputError(`explain ${upstream.url}: ${error.message}; does a server listen there?`));
    });
    socket.once(readyEvent(upstream), () => resolve(socket));
  });
}

async function answer(connection: Connection, { url }: Upstream, words: readonly string[]): Promise<string> {
  const before = errorsOf(connection);
  const texts = await connection.ask(...words);
  if (errorsOf(connection) === before) return texts.join('\n');
  // The words of AUTH hold the password.
  throw new InputError(`explain ${url}: the server answered ${words[0]} with an error: ${texts[0]}`);
}

/** Returns the answer of a command that a server may refuse or not have. */
async function optionalAnswer(connection: Connection, words: readonly string[]): Promise<string> {
  const before = errorsOf(connection);
  const texts = await connection.ask(...words);
  return errorsOf(connection) === before ? texts.join('\n') : '';
}

function errorsOf({ errors }: Connection): number {
  return errors.reduce((sum, { count }) => sum + count, 0);
}
