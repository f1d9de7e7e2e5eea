/** Replies to commands on hashes with fields that expire, beside those of real servers. */
import { describe, expect, test } from 'vitest';
import { asking } from '../store/support.js';
import { fieldForm, RECORDED_SERVERS, readFieldRecording } from './field-answers/recording.js';

describe.each(RECORDED_SERVERS)('%s', (server) => {
  const { atMs, exchanges } = readFieldRecording(server);

  test('each command is answered as it was recorded', () => {
    const { connect, answers } = asking(server.replace(/\.\d+$/, ''), { startMs: atMs });
    const session = connect();
    const different: string[] = [];
    for (const [at, [words, expected]] of exchanges.entries()) {
      const args = words.map((word) => Buffer.from(word, 'latin1'));
      const { reply } = answers.answer(session, args, atMs);
      const got = fieldForm(words, Buffer.from(reply).toString('latin1'));
      if (got !== expected) {
        different.push(
          `#${at} ${words.join(' ').slice(0, 150)}: ${JSON.stringify(got)}, the server ${JSON.stringify(expected)}`,
        );
      }
    }
    expect(different).toEqual([]);
  });

  test('each command was recorded with errors and without', () => {
    const names = new Set(exchanges.map(([[name]]) => name));
    for (const name of ['HEXPIRE', 'HPEXPIREAT', 'HTTL', 'HPERSIST', 'HSETEX', 'HGETEX', 'HGETDEL']) {
      expect(names).toContain(name);
      const replies = exchanges.flatMap(([[first], reply]) => (first === name ? [reply] : []));
      expect(replies.filter((reply) => reply.startsWith('-')).length).toBeGreaterThan(3);
      expect(replies.filter((reply) => !reply.startsWith('-')).length).toBeGreaterThan(10);
    }
  });
});
