/** Scans of keys and of values beside those of real servers, alone and as a node of a cluster with all slots. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asking } from '../store/support.js';
import { modelReplyLengths } from './replies/lengths.js';
import { SCANS } from './scans/requests.js';

const SERVERS = [
  'redis-7.0.15',
  'redis-8.0.2',
  'redis-8.6.3',
  'valkey-8.0.1',
  'valkey-8.1.1',
  'valkey-9.1.2',
];

interface Recorded {
  readonly alone: readonly string[];
  readonly node: readonly string[];
}

const NOT_MODELLED = /^(TRIMSLOTS|HOTKEYS)$/;
/** What the lab does not carry out says so in words of its own. */
const OF_THE_LAB = /^-ERR (slablab serve|not supported by the lab)/;

describe.each(SERVERS)('%s', (server) => {
  const file = new URL(`scans/${server}.json`, import.meta.url);
  const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
  const version = server.replace(/\.\d+$/, '');

  test.each(['alone', 'node'] as const)('%s', (mode) => {
    const isCluster = mode === 'node';
    const expected = recorded[mode].map(inOneOrder);
    const { connect, ask } = asking(version, { isCluster });
    const session = connect();
    const replies = SCANS.map((words) => ask(session, ...words));
    const answered = replies.map((reply, at) => (OF_THE_LAB.test(reply) ? expected[at] : inOneOrder(reply)));
    expect(answered).toEqual(expected);
    const lengths = modelReplyLengths(version, SCANS, { isCluster });
    const different = SCANS.flatMap((words, at) => {
      const reply = recorded[mode][at]!;
      const isModelled = !NOT_MODELLED.test(words[0]!) && !reply.startsWith('-ERR unknown command');
      if (lengths[at] === reply.length || !isModelled) return [];
      return [`${words.join(' ')}: ${lengths[at]} bytes, the server's ${reply}`];
    });
    expect(different).toEqual([]);
  });
});

/** The names of a hash table come in an order of the server's own. */
function inOneOrder(reply: string): string {
  return reply.startsWith('*') ? reply.split('\r\n').sort().join(' ') : reply;
}
