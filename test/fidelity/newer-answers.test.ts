/** Replies to commands that older servers lack, beside those of real servers. */
import { describe, expect, test } from 'vitest';
import { RECORDINGS } from './newer-answers/recording.js';

describe.each(RECORDINGS.servers)('%s', (server) => {
  const recorded = RECORDINGS.of(server);

  test('each command is answered as it was recorded', () => {
    expect(RECORDINGS.differences(recorded, 1)).toEqual([]);
  });

  test('commands were recorded with errors and without', () => {
    const replies = recorded.exchanges.filter(([[name]]) => name === 'SET').map(([, reply]) => reply);
    expect(replies.filter((reply) => reply.startsWith('-')).length).toBeGreaterThan(10);
    expect(replies.filter((reply) => reply.startsWith('+')).length).toBeGreaterThan(10);
  });
});
