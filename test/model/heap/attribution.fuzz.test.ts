import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { SCRIPT_CLIENT } from '#slablab/src/commands/command.js';
import { CommandWriter } from '#slablab/src/commands/index.js';
import type { AttributionTable } from '#slablab/src/model/heap/attribution-table.js';
import { CommandClock } from '#slablab/src/model/heap/command-clock.js';
import { CANONICAL_TAG, KEY_TAGS, TAG_AS_STRING_VALUE } from '#slablab/src/model/heap/held-tags.js';
import {
  Attribution,
  birthMsOf,
  birthOf,
  GivenPatterns,
  MemoryAccounts,
  ownerWordOf,
  patternOfWord,
  TAG_COUNT,
} from '#slablab/src/model/index.js';
import { KEYS, randomCommands } from '../../support/accounted-server.js';
import { newServer, type TestServer } from '../../support/redis.js';
import { printedSeed } from '../../support/seed.js';

const STEPS = 30_000;
const CHECKED_EVERY = 400;

interface Origin {
  readonly owner: number;
  readonly pattern: number;
  readonly command: number;
}

/** What the table is told, noted at once for every region, whatever it does itself with it. */
function noted(table: AttributionTable, origins: Attribution): Map<number, Origin> {
  const regions = new Map<number, Origin>();
  const { entered, retag, becomesString } = table;
  const isNow = (handle: number, owner: number) =>
    Object.assign(regions.get(handle)!, { owner, pattern: origins.pattern });
  Object.assign(table, {
    entered(handle: number, owner: number, sizeClass: number) {
      entered.call(table, handle, owner, sizeClass);
      const { pattern, command } = origins;
      regions.set(handle, { owner, pattern, command });
    },
    retag(handle: number, owner: number) {
      retag.call(table, handle, owner);
      isNow(handle, owner);
    },
    becomesString(handle: number) {
      const isDone = becomesString.call(table, handle);
      if (isDone) isNow(handle, TAG_AS_STRING_VALUE.get(regions.get(handle)!.owner)!);
      return isDone;
    },
  });
  return regions;
}

/** Commands of all kinds, by clients, scripts and as from a file. */
function* life(random: Random, { server, executeAs }: TestServer): Generator<void> {
  const next = randomCommands(random);
  const loading = server.createLoadingClient();
  const words = new CommandWriter();
  const key = (types = 'hlszxk') => `${types[random.below(types.length)]}${random.below(4)}`;
  const moves: readonly (() => readonly string[])[] = [
    () => ['RENAME', key(), key()],
    () => ['RENAMENX', key('k'), key('k')],
    () => ['MOVE', key(), '1'],
    () => ['SELECT', `${random.below(2)}`],
    () => ['SWAPDB', '0', '1'],
    () => ['BLPOP', key('l'), '0.05'],
    () => ['BLMOVE', key('l'), key('l'), 'LEFT', 'RIGHT', '0'],
    () => ['SUBSCRIBE', key()],
    () => ['GETDEL', key('k')],
    () => ['SET', key('k'), `${random.below(1e9)}.5`, 'GET'],
    () => ['INCRBYFLOAT', key('k'), '0.25'],
    () => ['GETEX', key('k'), 'PX', '90'],
    () => ['SCRIPT', 'LOAD', `return ${random.below(9)}`],
    () => ['CLIENT', 'SETNAME', key()],
    () => ['SET', key('k'), 'x'.repeat(random.below(60_000))],
    () => ['SET', `once:${random.below(1e6)}`, 'x'.repeat(random.below(90))],
  ];
  for (;;) {
    const isMove = random.below(4) === 0;
    const text = isMove ? moves[random.below(moves.length)]!() : next();
    const way = random.below(10);
    if (way === 0) {
      server.loadCommand(words.words(...text), loading);
    } else if (way === 1) executeAs(SCRIPT_CLIENT, server.nowMs, ...text);
    else executeAs(random.below(4), server.nowMs + random.below(4), ...text);
    if (random.below(200) === 0) server.disconnect(random.below(4));
    yield;
  }
}

describe('where every region comes from, beside a note of each at once', () => {
  test.each([
    ['redis-7.0', []],
    ['redis-7.2', ['allkeys-random']],
    ['valkey-8.0', []],
  ] as const)('%s, eviction %j', (version, policies) => {
    const random = new Random(printedSeed(version));
    // So few moments that those are forgotten which no region is from.
    const origins = new Attribution(new GivenPatterns(KEYS), new CommandClock(50));
    const memoryAccounts = new MemoryAccounts(origins);
    const regions = noted(memoryAccounts.table as AttributionTable, origins);
    const msOfCommand = new Map([[0, 0]]);
    const live = newServer(version, { accounts: memoryAccounts });
    const { server, execute, writer } = live;
    origins.next = () => {
      origins.command++;
      msOfCommand.set(origins.command, server.nowMs);
    };
    for (const policy of policies) {
      execute('CONFIG', 'SET', 'maxmemory-policy', policy);
      execute('CONFIG', 'SET', 'maxmemory', '1900000');
    }
    const steps = life(random, live);
    for (let step = 1; step <= STEPS; step++) {
      steps.next();
      if (step % CHECKED_EVERY > 0) continue;
      writer.takeAll();
      const free = new Set(writer.freeHandles);
      const copy = memoryAccounts.copy().attribution!;
      for (let handle = 1; handle < writer.handlesEnd; handle++) {
        if (free.has(handle)) continue;
        const { owner, pattern, command } = regions.get(handle)!;
        const whole = CANONICAL_TAG[owner]!;
        const word = ownerWordOf(copy, handle);
        const isRight =
          (word & (TAG_COUNT - 1)) === whole &&
          patternOfWord(word) === (KEY_TAGS.has(whole) ? pattern : 0) &&
          birthOf(copy, handle) === command &&
          birthMsOf(copy, handle) === msOfCommand.get(command);
        if (isRight) continue;
        expect(
          `step ${step}, region ${handle}: ${[word, birthOf(copy, handle), birthMsOf(copy, handle)]}`,
        ).toBe(`owner ${whole}, pattern ${pattern}, command ${command} at ${msOfCommand.get(command)} ms`);
      }
    }
    expect(origins.moments.count).toBeLessThan(new Set(msOfCommand.values()).size);
  });
});
