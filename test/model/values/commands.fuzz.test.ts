import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { CONTAINER_KIND_NAMES } from '#slablab/src/model/heap/container-kind.js';
import { containerCommands } from '../../support/container-commands.js';
import { newServer } from '../../support/redis.js';
import { printedSeed } from '../../support/seed.js';

test.each(['redis-7.0', 'redis-7.2', 'redis-8.0', 'redis-8.6', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1'])(
  '%s: deleted keys leave nothing behind',
  (version) => {
    const random = new Random(printedSeed(version));
    const server = newServer(version);
    const choices = containerCommands(random);
    const live = new Map<string, number>();
    const count = () => {
      for (const line of server.operations()) {
        const match = /^(malloc|calloc|free) .*\((.*)\)$/.exec(line);
        if (match === null) continue;
        const owner = match[2]!;
        live.set(owner, (live.get(owner) ?? 0) + (match[1] === 'free' ? -1 : 1));
      }
    };
    // The server has trees of its own, with its clients and the names of errors.
    server.execute('CONFIG', 'RESETSTAT');
    count();
    const before = new Map(live);
    for (let step = 0; step < 6000; step++) {
      server.execute(...choices[random.below(choices.length)]!());
      if (step % 100 === 0) count();
    }
    for (const type of 'hlszx') for (let at = 0; at < 4; at++) server.execute('DEL', `${type}${at}`);
    server.execute('CONFIG', 'RESETSTAT');
    count();
    for (const owner of [...Object.values(CONTAINER_KIND_NAMES), 'dict entry', 'value object', 'key name']) {
      expect(`${owner}: ${live.get(owner) ?? 0}`).toBe(`${owner}: ${before.get(owner) ?? 0}`);
    }
  },
);
