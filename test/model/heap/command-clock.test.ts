import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { wholeCommand } from '#slablab/src/model/heap/attribution.js';
import { type AllocationTimes, CommandClock, msOfCommand } from '#slablab/src/model/heap/command-clock.js';

/** Regions come and go; each remembers its command, and the test when that really was. */
function live(
  moments: CommandClock,
  regions: number,
  commands: number,
): [births: Uint32Array, ms: Float64Array] {
  const random = new Random(3);
  const births = new Uint32Array(regions);
  const ms = new Float64Array(regions);
  const served: AllocationTimes = {
    room: regions,
    eachBirth(note) {
      for (const command of births) note(command);
    },
  };
  moments.serve(served);
  let now = 0;
  for (let command = 1; command <= commands; command++) {
    const passed = random.below(3);
    now += passed;
    if (passed > 0) moments.add(command, now);
    // Most regions that go are among the last to have come: the first ones stay for good.
    const region = command <= regions ? command - 1 : regions - 1 - random.below(regions >>> 1);
    births[region] = command;
    ms[region] = now;
  }
  return [births, ms];
}

describe('moments', () => {
  test('the time of every region is known, though those that no region is from are forgotten', () => {
    const moments = new CommandClock(1000);
    const [births, ms] = live(moments, 500, 100_000);
    const columns = moments.columns();
    expect(Array.from(births, (command) => msOfCommand(columns, command))).toEqual([...ms]);
    expect(moments.count).toBeLessThan(4000);
  });

  test('while there are few, all are kept', () => {
    const moments = new CommandClock();
    const [births, ms] = live(moments, 500, 10_000);
    const columns = moments.columns();
    expect(Array.from(births, (command) => msOfCommand(columns, command))).toEqual([...ms]);
    expect(moments.count).toBeGreaterThan(5000);
  });

  test('commands between which no time goes by are one moment, and of times without a command only the last is', () => {
    const moments = new CommandClock();
    moments.add(1, 5);
    moments.add(4, 6);
    moments.add(4, 7);
    const columns = moments.columns();
    expect([0, 1, 3, 4, 9].map((command) => msOfCommand(columns, command))).toEqual([0, 5, 5, 7, 7]);
    expect(moments.count).toBe(3);
  });

  test('a command beyond 32 bits is known from the lower half', () => {
    const now = 2 ** 32 + 10;
    const births = [2 ** 32 + 10, 2 ** 32, 2 ** 32 - 1, 11];
    expect(births.map((command) => wholeCommand(command >>> 0, now))).toEqual(births);
  });
});
