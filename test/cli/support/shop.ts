import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as rdb from '../../input/support/rdb.js';

/** Writes the files of a shop, which docs/questions.md asks about. They are the same bytes each time. */
export async function writeShop(directory: string): Promise<void> {
  const write = (name: string, content: string | Uint8Array) => writeFile(join(directory, name), content);
  const fixture = (path: string) => fileURLToPath(new URL(`../../analysis/${path}`, import.meta.url));
  await write('dump.rdb', shopDump(12_000));
  await write('valkey.rdb', Buffer.from(shopImage('VALKEY080', 'valkey-ver', '9.1.2', 2000), 'latin1'));
  await write('monitor.log', monitorLog());
  await write('traffic.resp', traffic());
  await write('hashes.json', design({ type: 'hash', count: 3000, elements: 8, size: 40 }));
  await write('strings.json', design({ count: 24_000, size: 40 }));
  await write('sessions.json', SUITE);
  await cp(fixture('servers/fragmented-debian.txt'), join(directory, 'info.txt'));
  await cp(fixture('programs/jq-5.3.0.txt'), join(directory, 'malloc-stats.txt'));
}

/** Returns the RDB file of a shop with so many sessions. */
export function shopDump(sessions: number): Uint8Array {
  return Buffer.from(shopImage('REDIS0010', 'redis-ver', '7.0.15', sessions), 'latin1');
}

const EPOCH_S = 1_790_000_000;
const AUX = 250;
const EXPIRY_MS = 252;
const SELECT = 254;
const STRING = 0;
const HASH_LISTPACK = 16;

/** Sessions that expire within a day, users, and one catalogue, as a server saves them: in the order of a hash. */
function shopImage(magic: string, product: string, release: string, sessions: number): string {
  const aux = (name: string, value: string) => rdb.opcode(AUX) + rdb.str(name) + rdb.str(value);
  const keys: string[] = [];
  for (let at = 0; at < sessions; at++) {
    const expiry = rdb.opcode(EXPIRY_MS) + rdb.le(EPOCH_S * 1000 + (at % 24) * 3_600_000 + 60_000, 8);
    keys.push(expiry + rdb.key(STRING, `session:${at * 7919}`, rdb.str('s'.repeat(300 + ((at * 37) % 400)))));
    if (at % 3 === 0) {
      const profile = rdb.listpack(['name', `user ${at}`, 'mail', 'x'.repeat(20 + (at % 30)), 'visits', at]);
      keys.push(rdb.key(HASH_LISTPACK, `user:${at}`, rdb.str(profile)));
    }
  }
  const head = aux(product, release) + aux('ctime', `${EPOCH_S}`) + rdb.opcode(SELECT) + rdb.len(0);
  // A checksum of 0 is that of a server with `rdbchecksum no`.
  return `${magic}${head}${keys.join('')}\xff${'\0'.repeat(8)}`;
}

/** A log of a minute: pages are cached and deleted, most of them soon. */
function monitorLog(): string {
  const lines: string[] = [];
  const say = (second: number, ...words: readonly string[]) =>
    lines.push(
      `${EPOCH_S + second}.000000 [0 10.0.0.1:5000] ${words.map((word) => JSON.stringify(word)).join(' ')}\n`,
    );
  for (let at = 0; at < 12_000; at++)
    say(Math.floor(at / 300), 'SET', `page:${at}`, 'p'.repeat(400 + ((at * 53) % 900)));
  for (let at = 0; at < 12_000; at++) if (at % 4 !== 0) say(45, 'DEL', `page:${at}`);
  say(60, 'PING');
  return lines.join('');
}

/** Commands in their inline form, which an editor can change. */
function traffic(): string {
  return Array.from({ length: 12_000 }, (_, at) => {
    const value = 's'.repeat(800 + ((at * 31) % 900));
    return `SET session:${at} ${value} EX 86400\nHSET user:${at % 3000} name user-${at} visits ${at}\n`;
  }).join('');
}

/** A declared workload that fills one kind of key. */
function design(profile: object): string {
  return JSON.stringify({ keys: { profile }, phases: [{ name: 'filled', do: 'fill' }] }, null, 2);
}

/** The suite that docs/file-formats.md shows. */
const SUITE = `{ "name": "sessions",
  "only": ["owners.patterns.bytesPerKey[session:*]"],
  "thresholds": { "owners.patterns.bytesPerKey": "up 1%" },
  "workloads": { "traffic": { "run": "traffic.resp", "owners": ["session:*"] } },
  "configurations": { "default": {} } }
`;
