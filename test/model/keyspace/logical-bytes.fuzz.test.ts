import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import type { RedisServer } from '#slablab/src/model/index.js';
import { ValueType } from '#slablab/src/model/keyspace/value-model.js';
import { walkedBytes } from '#slablab/src/model/keyspace/value-parts.js';
import { commands } from '../../fidelity/replies/grammar.js';
import { newServer } from '../../support/redis.js';
import { printedSeed } from '../../support/seed.js';

/** What does not agree with a walk over it: "name encoding tracked walked". */
function mismatches({ databases, keyspace }: RedisServer, encodings: Set<string>): string[] {
  const found: string[] = [];
  for (const { keys } of databases) {
    for (const row of keys.rows()) {
      if (keyspace.typeOf(row) === ValueType.string) continue;
      const model = keyspace.modelOf(row);
      const walked = walkedBytes(model.parts());
      encodings.add(`${model.type} ${model.encoding}`);
      if (model.logicalBytes !== walked) {
        found.push(`${Buffer.from(keyspace.nameOf(row))} ${model.encoding} ${model.logicalBytes} ${walked}`);
      }
    }
  }
  return found;
}

test.each(['redis-7.0', 'redis-7.2', 'redis-8.0', 'redis-8.6', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1'])(
  '%s: what values are said to take is what a walk over them finds, whatever is asked',
  (version) => {
    const { server, execute } = newServer(version);
    const encodings = new Set<string>();
    let count = 0;
    for (const words of commands(new Random(printedSeed(version)), 8000)) {
      execute(...words);
      if (++count % 20 === 0) expect(mismatches(server, encodings), words.join(' ')).toEqual([]);
    }
    expect(encodings.size).toBeGreaterThanOrEqual(version === 'redis-7.0' ? 8 : 10);
  },
);
