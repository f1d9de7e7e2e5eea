/** Replies to commands that older servers lack, beside those of real servers. */
import { describe, expect, test } from 'vitest';
import { asking } from '../store/support.js';
import { newerForm, RECORDED_SERVERS, readNewerRecording } from './newer-answers/recording.js';

describe.each(RECORDED_SERVERS)('%s', (server) => {
  const { atMs, exchanges } = readNewerRecording(server);

  test('each command is answered as it was recorded', () => {
    const { connect, answers } = asking(server.replace(/\.\d+$/, ''), { startMs: atMs });
    const session = connect();
    const different: string[] = [];
    for (const [at, [words, expected]] of exchanges.entries()) {
      const args = words.map((word) => Buffer.from(word, 'latin1'));
      const { reply } = answers.answer(session, args, atMs + at);
      const got = newerForm(Buffer.from(reply).toString('latin1'));
      if (got !== expected) {
        different.push(
          `#${at} ${words.join(' ').slice(0, 150)}: ${JSON.stringify(got)}, the server ${JSON.stringify(expected)}`,
        );
      }
    }
    expect(different).toEqual([]);
  });

  test('commands were recorded with errors and without', () => {
    const replies = exchanges.filter(([[name]]) => name === 'SET').map(([, reply]) => reply);
    expect(replies.filter((reply) => reply.startsWith('-')).length).toBeGreaterThan(10);
    expect(replies.filter((reply) => reply.startsWith('+')).length).toBeGreaterThan(10);
  });
});
