/**
 * What a command answers depends on all that was done before it: so if every reply is as long as a real server's, the
 * model holds what the server holds. SLABLAB_REAL_SERVER names another server than Debian's.
 */
import { expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { SERVERS } from '#slablab/src/model/versions/servers.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { Server } from '../input/support/server.js';
import { withRealServer } from '../support/real-server.js';
import { printedSeed } from '../support/seed.js';
import { commands, isComparable } from './replies/grammar.js';
import { modelReplyLengths, replyLengths } from './replies/lengths.js';

const COMMANDS = 20_000;

withRealServer(`${COMMANDS} commands of the whole set are answered at the same length`, async (binary) => {
  const { product, version } = await inspectBinary(binary);
  const name = `${product}-${version.split('.').slice(0, 2).join('.')}`;
  expect(SERVERS.map((known) => known.name)).toContain(name);
  const sent = [...commands(new Random(printedSeed('replies')), COMMANDS)];
  const server = await Server.start(binary, ['--enable-debug-command', 'yes']);
  try {
    const real = await replyLengths(server.port, sent);
    const model = modelReplyLengths(name, sent);
    const different = sent.flatMap((words, at) =>
      real[at] === model[at] || !isComparable(words)
        ? []
        : [`#${at} ${words.join(' ').slice(0, 200)}: ${model[at]} bytes, the server's ${real[at]}`],
    );
    expect(different).toEqual([]);
  } finally {
    await server.remove();
  }
});
