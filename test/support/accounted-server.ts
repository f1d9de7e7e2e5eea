import type { Random } from '#slablab/src/base/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { Attribution, GivenPatterns, MemoryAccounts, TAG_COUNT } from '#slablab/src/model/index.js';
import type { ServerOptions } from '#slablab/src/model/server/redis-server.js';
import { containerCommands, type Words } from './container-commands.js';
import { newServer } from './redis.js';

const TYPES = 'hlszxk';
const KEYS_PER_TYPE = 4;
export const KEYS = [...TYPES].flatMap((type) =>
  Array.from({ length: KEYS_PER_TYPE }, (_, at) => `${type}${at}`),
);

/** A server that keeps account, with a pattern for each of the keys that `randomCommands` uses, on a real allocator. */
export async function accountedServer(version: string, options: Partial<ServerOptions> = {}) {
  const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
  const memoryAccounts = new MemoryAccounts(new Attribution(new GivenPatterns(KEYS)));
  const test = newServer(version, {
    accounts: memoryAccounts,
    sizeClasses: engine.info.sizeClasses,
    ...options,
  });
  return {
    ...test,
    engine,
    memoryAccounts,
    /** What the allocator has handed out, by the owner that the memoryAccounts have for each handle. */
    async engineBytes(): Promise<Float64Array> {
      for (const chunk of test.writer.takeAll()) await engine.replay(chunk);
      const { granules } = await engine.survey(0);
      const places = await engine.locate();
      const classOfPage = new Map<number, number>();
      for (let row = 0; row < granules.count; row++) {
        classOfPage.set(granules.page[row]!, granules.sizeClass[row]!);
      }
      const bytes = new Float64Array(TAG_COUNT);
      for (const [handle, page] of places.entries()) {
        const sizeClass = classOfPage.get(page);
        if (sizeClass === undefined) continue;
        const owner = memoryAccounts.table.owner(handle);
        bytes[owner] = bytes[owner]! + engine.info.sizeClasses[sizeClass]!;
      }
      return bytes;
    },
  };
}

/** Commands of all six types over KEYS, with expiry, copies, transactions and flushes. */
export function randomCommands(random: Random): () => Words {
  const key = (types = TYPES) => `${types[random.below(types.length)]}${random.below(KEYS_PER_TYPE)}`;
  const string = () => key('k');
  const text = () =>
    random.below(3) === 0
      ? `${random.below(20_000)}`
      : 'v'.repeat(random.below(random.below(9) === 0 ? 70_000 : 90));
  const more: readonly (() => Words)[] = [
    () => ['SET', string(), text()],
    () => ['SET', key(), text()],
    () => ['SET', string(), text(), 'PX', `${1 + random.below(300)}`],
    () => ['GETSET', string(), text()],
    () => ['MSET', string(), text(), string(), text()],
    () => ['APPEND', string(), text()],
    () => ['SETRANGE', string(), `${random.below(200)}`, text()],
    () => ['SETBIT', string(), `${random.below(5000)}`, '1'],
    () => ['INCR', string()],
    () => ['BITOP', 'OR', string(), string(), string()],
    () => ['PFADD', string(), text()],
    () => ['COPY', key(), key(), 'REPLACE'],
    () => ['PEXPIRE', key(), `${1 + random.below(400)}`],
    () => ['PERSIST', key()],
    () => ['DEL', key(), key()],
    () => ['UNLINK', key()],
    () => ['SORT', key('ls'), 'ALPHA', 'STORE', key('l')],
    () => ['GEOADD', key('z'), '13.36', '38.11', text().slice(0, 30)],
    () => ['GEOSEARCHSTORE', key('z'), key('z'), 'FROMLONLAT', '13', '38', 'BYRADIUS', '500', 'km'],
    () => (random.below(4) === 0 ? ['MULTI'] : ['EXEC']),
    () => ['EXEC'],
    () => ['WATCH', key()],
    () => ['SADD', key('s'), ...Array.from({ length: 1 + random.below(200) }, () => `m${random.below(900)}`)],
    () => ['RPUSH', key('l'), ...Array.from({ length: 1 + random.below(80) }, text)],
    () => [
      'HSET',
      key('h'),
      ...Array.from({ length: 2 + 2 * random.below(300) }, () => `f${random.below(900)}`),
    ],
    () => (random.below(20) === 0 ? ['FLUSHDB', random.below(2) === 0 ? 'ASYNC' : 'SYNC'] : ['PING']),
  ];
  const choices = [...containerCommands(random), ...more];
  return () => choices[random.below(choices.length)]!();
}
