/**
 * Measures the process memory of a simulated key: short string keys in the model alone. Prints JSON.
 *
 *     node keys-memory.js <from> <to> [slots]
 *
 * The figure is the growth of resident memory from `from` to `to` keys, divided by the keys between: at the end, and at the
 * peak, because an array exists twice while it grows.
 */
import { CommandLog, CommandWriter } from '#slablab/src/commands/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { commandTable, RedisServer } from '#slablab/src/model/index.js';
import { OpWriter } from '#slablab/src/stream/index.js';
import { serverVersion } from '../../src/run/modelled-server.js';
import { peakMemoryOf } from '../support/peak-memory.js';

export interface KeysMemory {
  readonly bytesPerKey: number;
  readonly peakBytesPerKey: number;
}

const [from = 0, to = 0] = process.argv.slice(2, 4).map(Number);
const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
const { sizeClasses } = engine.info;
await engine.close();
const log = new CommandLog();
const writer = new OpWriter();
const version = serverVersion('redis-7.2');
const server = new RedisServer(writer, { version, sizeClasses, commands: commandTable(version), log });
server.settings.clusterSlotStats = process.argv[4] === 'slots';
const words = new CommandWriter();
let keys = 0;

function fillTo(count: number): void {
  for (; keys < count; keys++) {
    server.execute(words.words('SET', `key:${`${keys}`.padStart(12, '0')}`, 'xxxxxxxxxx'));
    // The operations are the engine's to keep, not the model's; so is what has been counted.
    if (writer.full) {
      writer.takeFull();
      log.countUpTo(writer.position);
      // With --expose-gc, chunks that are garbage do not count, however late the collector of a busy machine is.
      globalThis.gc?.();
    }
  }
}

fillTo(from);
const before = process.memoryUsage.rss();
fillTo(to);
const perKey = (bytes: number) => (bytes - before) / (to - from);
const result: KeysMemory = {
  bytesPerKey: perKey(process.memoryUsage.rss()),
  peakBytesPerKey: perKey(peakMemoryOf('self')),
};
console.log(JSON.stringify(result));
