import { expect, test } from 'vitest';
import { parseServerSettings } from '#slablab/src/model/index.js';

test('settings by the names of CONFIG SET, and cluster mode', () => {
  expect(parseServerSettings(['maxmemory=100mb', 'Cluster-Enabled=yes'])).toEqual({
    isCluster: true,
    settings: [['maxmemory', '100mb']],
  });
});

test.each([
  ['maxmemory', /write it as name=value/],
  ['maxmemori=1', /did you mean `maxmemory`/],
  ['maxmemory=lots', /would not take `lots`/],
  ['cluster-enabled=maybe', /known: yes, no/],
])('%s is refused with a remedy', (text, complaint) => {
  expect(() => parseServerSettings([text])).toThrow(complaint);
});

test('what is set twice is a mistake', () => {
  expect(() => parseServerSettings(['hz=10', 'hz=20'])).toThrow(/twice/);
});
