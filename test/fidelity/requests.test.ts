/** What a server refuses, model and store refuse with the same words: requests by chance over a key of each type. */
import { expect, vi } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { Reply } from '#slablab/src/model/client/index.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { Server } from '../input/support/server.js';
import { asking } from '../store/support.js';
import { modelOfReal, withRealServer } from '../support/real-server.js';
import { newServer } from '../support/redis.js';
import { printedSeed } from '../support/seed.js';
import { repliesOf } from './answers/exchange.js';
import type { Words } from './replies/lengths.js';
import { request, SETUP } from './requests/forms.js';

const REQUESTS = 3000;

/** The model takes settings that it does not know, and a server refuses them before it looks at values. */
const UNKNOWN_SETTING = /^ERR Unknown option/;

/** An error's text; '' for everything else. */
function refusalIn(reply: string): string {
  return reply.startsWith('-') ? reply.slice(1, -2) : '';
}

function refusalsOfModel(version: string, requests: readonly Words[]): string[] {
  const { execute } = newServer(version);
  const error = vi.spyOn(Reply.prototype, 'error');
  const refusals = requests.map((words) => {
    for (const setup of SETUP) execute(...setup);
    error.mockClear();
    execute(...words);
    return error.mock.calls[0]?.[0] ?? '';
  });
  error.mockRestore();
  return refusals;
}

function refusalsOfStore(version: string, requests: readonly Words[]): string[] {
  const { connect, ask } = asking(version);
  const session = connect();
  return requests.map((words) => {
    for (const setup of SETUP) ask(session, ...setup);
    return refusalIn(ask(session, ...words));
  });
}

withRealServer(`${REQUESTS} requests are refused as by the server`, async (binary) => {
  const name = modelOfReal(await inspectBinary(binary)).server;
  const random = new Random(printedSeed('requests'));
  const requests = Array.from({ length: REQUESTS }, () => request(random));
  const server = await Server.start(binary, []);
  try {
    const replies = await repliesOf(
      server.port,
      requests.flatMap((words) => [...SETUP, words]),
    );
    const real = requests.map((_, at) =>
      refusalIn(replies[(at + 1) * (SETUP.length + 1) - 1]?.toString('latin1') ?? ''),
    );
    const model = refusalsOfModel(name, requests);
    const store = refusalsOfStore(name, requests);
    const different = requests.flatMap((words, at) => {
      if (UNKNOWN_SETTING.test(real[at] ?? '')) return [];
      const lines: string[] = [];
      if (real[at] !== model[at])
        lines.push(`model ${words.join(' ')}: '${model[at]}', the server '${real[at]}'`);
      const isLess = /^ERR (slablab serve|not supported by the lab)/.test(store[at] ?? '');
      if (real[at] !== store[at] && !isLess)
        lines.push(`store ${words.join(' ')}: '${store[at]}', the server '${real[at]}'`);
      return lines;
    });
    expect(different).toEqual([]);
  } finally {
    await server.remove();
  }
});
