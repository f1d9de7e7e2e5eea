import { describe, expect, test } from 'vitest';
import { KNOWN_BUILDS } from '#slablab/src/engine/index.js';
import {
  DEFAULT_SERVER,
  findServer,
  nearestServer,
  OTHER_SERVER,
  SERVERS,
  serverNameOf,
  TRAFFIC_SERVER,
} from '#slablab/src/model/index.js';

/** Paths of all fields, and what each holds; lists are values. */
function fieldsOf(part: object, path = ''): [string, unknown][] {
  return Object.entries(part).flatMap(([name, value]): [string, unknown][] => {
    const isGroup = typeof value === 'object' && !Array.isArray(value);
    return isGroup ? fieldsOf(value, `${path}${name}.`) : [[`${path}${name}`, value]];
  });
}

/** Counts by size, from a flat list of pairs. */
function countsOf(pairs: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (let at = 0; at < pairs.length; at += 2) counts.set(pairs[at]!, pairs[at + 1]!);
  return counts;
}

const ALL_FIELDS = [...new Set(SERVERS.flatMap((version) => fieldsOf(version).map(([path]) => path)))].sort();

test('names are distinct, and name defaults and examples', () => {
  const names = SERVERS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain(DEFAULT_SERVER);
  expect(names).toContain(OTHER_SERVER);
  expect(OTHER_SERVER).not.toBe(DEFAULT_SERVER);
});

test.each([
  ['redis', '7.2.9', 'redis-7.2'],
  ['redis', '8.4.0', 'redis-8.0'],
  ['redis', '8.10.1', 'redis-8.6'],
  ['redis', '999.0.0', SERVERS.filter(({ product }) => product === 'redis').at(-1)?.name],
  ['redis', '6.2.14', 'redis-7.0'],
  ['valkey', '7.2.8', 'valkey-8.0'],
  ['other', '1.0', TRAFFIC_SERVER],
])('%s %s is modelled as %s', (product, release, name) => {
  expect(nearestServer(product, release).name).toBe(name);
});

describe.each(SERVERS)('$name', (version) => {
  test('has every field', () => {
    const fields = fieldsOf(version);
    expect(fields.map(([path]) => path).sort()).toEqual(ALL_FIELDS);
    const unset = fields.filter(([, value]) => value === undefined || value === null || Number.isNaN(value));
    expect(unset).toEqual([]);
    for (const [name, bytes] of Object.entries(version.sizes)) {
      // Iterators may lie on the stack, and not every version has such fields, replies or arrays.
      const mayBeNone =
        /Iterator$|^timedListpack$|^fieldTimes$|^parsedCommand$|^replyPartHead$|^geoArray$/.test(name);
      if (!mayBeNone || bytes !== 0) expect(bytes, name).toBeGreaterThan(0);
    }
  });

  test('is found by its name, which is that of the release it was read in', () => {
    expect(serverNameOf(version.product, version.release)).toBe(version.name);
    expect(findServer(version.name)).toBe(version);
  });

  test('bundles a build that exists', () => {
    expect(KNOWN_BUILDS).toContain(version.defaultBuild);
  });

  test.each(['live', 'transient'] as const)(
    'start-up counts are positive, by ascending sizes: %s',
    (which) => {
      const pairs = version.startUp[which];
      expect(pairs.length).toBeGreaterThan(0);
      expect(pairs.length % 2).toBe(0);
      for (const number of pairs) expect(Number.isInteger(number) && number > 0).toBe(true);
      const sizes = [...countsOf(pairs).keys()];
      expect(sizes.length).toBe(pairs.length / 2);
      expect(sizes).toEqual(sizes.slice().sort((left, right) => left - right));
    },
  );

  test('cluster mode takes away no more than there is at start-up', () => {
    const { live, cluster } = version.startUp;
    const counts = countsOf(live);
    expect(countsOf(cluster).size).toBe(cluster.length / 2);
    for (const [size, change] of countsOf(cluster)) {
      expect(change, `of ${size} bytes`).not.toBe(0);
      expect((counts.get(size) ?? 0) + change, `of ${size} bytes`).toBeGreaterThanOrEqual(0);
    }
  });
});
