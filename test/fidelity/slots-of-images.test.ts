/** Keys of an RDB file are counted by slot as they would be if they were met. */
import { describe, expect, test } from 'vitest';
import { slotServer } from '../support/slot-server.js';
import { IMAGES } from './images.js';

const VERSIONS = ['redis-7.0', 'redis-7.2', 'valkey-8.0', 'valkey-9.1'];

describe.each(VERSIONS)('%s', (version) => {
  test.each(imagesFor(version))('$name', (image) => {
    const loaded = slotServer(version, false);
    loaded.load(image.bytes(), 'rdb');
    expect(loaded.verifyAll()).toEqual([]);
    const { slots, main } = { slots: loaded.server.keyspace.slots, main: loaded.server.databases[0] };
    const counted = slots?.bytes.slice();
    expect(slots?.keyCounts.reduce((sum, count) => sum + count)).toBeGreaterThan(main!.size);
    loaded.execute('CONFIG', 'SET', 'cluster-slot-stats-enabled', 'no');
    loaded.execute('CONFIG', 'SET', 'cluster-slot-stats-enabled', 'yes');
    expect(loaded.server.keyspace.slots?.bytes).toEqual(counted);
  });
});

function imagesFor(version: string) {
  const images = IMAGES.filter(({ servers }) => servers.some((name) => name.startsWith(version)));
  return version === 'redis-7.2' ? [images[0]!, ...images.slice(-1)] : images.slice(-1);
}
