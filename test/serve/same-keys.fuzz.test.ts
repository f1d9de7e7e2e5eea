/** Store and model, which a standalone lab keeps beside each other, hold the same keys after hostile commands. */
import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { commandsOf } from '#slablab/src/commands/index.js';
import { findServer } from '#slablab/src/model/index.js';
import type { Observed } from '#slablab/src/model/server/index.js';
import { Outcome } from '#slablab/src/serve/feed.js';
import { poppedMembers } from '#slablab/src/serve/popped-members.js';
import { outcomeOf } from '#slablab/src/serve/store-outcome.js';
import { storeCommands } from '#slablab/src/store/commands/handlers.js';
import { asking, latin1 } from '../store/support.js';
import { newServer } from '../support/redis.js';
import { printedSeed } from '../support/seed.js';
import { hostileRequests, SETUP } from './support/hostile-words.js';

const RUNS = 8;
const COMMANDS = 4000;

/** What depends on the clock or on chance, and settings, which tests of their own cover. */
const NOT_SENT =
  /^(?:spop|[ps]?(?:un)?subscribe|[ps]unsubscribe|expire|pexpire|setex|psetex|getex|quit|client|config|debug|reset|auth|hello)/;
const WITHOUT = new Set(['EX', 'PX', '*']);

const OBSERVED: ReadonlyMap<Outcome, Observed> = new Map([
  [Outcome.executed, { outcome: 'executed' }],
  [Outcome.refused, { outcome: 'refused' }],
  [Outcome.stale, { outcome: 'stale' }],
  [Outcome.aborted, { outcome: 'aborted' }],
]);

test.each(['redis-7.0', 'redis-7.2', 'valkey-8.0'])('%s', (version) => {
  const seed = printedSeed('same keys');
  const names = [...storeCommands(commandsOf(findServer(version)!)).values()].filter(
    ({ name }) => !NOT_SENT.test(name) && !name.includes('|'),
  );
  for (let run = 0; run < RUNS; run++) {
    const { execute, server } = newServer(version);
    server.blocking.holdsWaiting = true;
    const { connect, ask, answers } = asking(version);
    const session = connect();
    const requests = hostileRequests(new Random(seed + run), names, { without: WITHOUT, long: 1 });
    const first = [...SETUP];
    for (let count = 0; count < COMMANDS; count++) {
      const words = first.shift() ?? requests.next().value;
      const args = words.map(latin1);
      const isKnown = answers.knows(args);
      const reply = latin1(ask(session, ...words));
      if (isKnown && poppedMembers(args, reply) === undefined) {
        server.observed = OBSERVED.get(outcomeOf(args, reply, session));
        execute(...words);
      }
      // Nothing serves the one client while it waits.
      if (answers.store.waiters.unblock(session, false)) server.release(0, undefined);
      const kept = answers.store.databases.map(({ keys }) => keys.size);
      const modelled = server.databases.map(({ keys }) => keys.used);
      expect(modelled, `run ${run}, command ${count}: ${JSON.stringify(words)}`).toEqual(kept);
    }
  }
});
