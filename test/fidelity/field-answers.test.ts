/** Replies to commands on hashes with fields that expire, beside those of real servers. */
import { describe, expect, test } from 'vitest';
import { RECORDINGS } from './field-answers/recording.js';

describe.each(RECORDINGS.servers)('%s', (server) => {
  const recorded = RECORDINGS.of(server);

  test('each command is answered as it was recorded', () => {
    expect(RECORDINGS.differences(recorded, 0)).toEqual([]);
  });

  test('each command was recorded with errors and without', () => {
    const names = new Set(recorded.exchanges.map(([[name]]) => name));
    for (const name of ['HEXPIRE', 'HPEXPIREAT', 'HTTL', 'HPERSIST', 'HSETEX', 'HGETEX', 'HGETDEL']) {
      expect(names).toContain(name);
      const replies = recorded.exchanges.flatMap(([[first], reply]) => (first === name ? [reply] : []));
      expect(replies.filter((reply) => reply.startsWith('-')).length).toBeGreaterThan(3);
      expect(replies.filter((reply) => !reply.startsWith('-')).length).toBeGreaterThan(10);
    }
  });
});
