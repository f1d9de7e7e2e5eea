import { expect, test } from 'vitest';
import { UnknownCommands } from '#slablab/src/model/server/unknown-commands.js';

test('names of unknown commands are bounded, and printable', () => {
  const unknown = new UnknownCommands();
  unknown.add('\x1b[31mevil');
  for (let at = 0; at < 150; at++) unknown.add(`U${at}${'u'.repeat(5000)}`);
  unknown.add('\x1b[31mEVIL');
  const counts = [...unknown.counts];
  expect(counts).toHaveLength(101);
  expect(counts[0]).toEqual(['\\x1b[31MEVIL', 2]);
  expect(counts[100]).toEqual(['(other names)', 51]);
  for (const [name] of counts) expect(name).toMatch(/^[ -~…]{1,256}$/);
});
