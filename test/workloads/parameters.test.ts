import { describe, expect, test } from 'vitest';
import { InputError } from '#slablab/src/base/index.js';
import { findWorkload, parseSettings, WORKLOADS } from '#slablab/workloads/index.js';

const { parameters, check } = findWorkload('scattered-delete');

describe('parseSettings', () => {
  test('defaults', () => {
    expect(parseSettings(parameters, [])).toEqual({
      keys: 100_000,
      valueBytes: 1000,
      order: 'odd',
      drop: 0.5,
      seed: 1,
    });
  });

  test.each([
    ['keys=1', { keys: 1 }],
    ['keys=50000000', { keys: 50_000_000 }],
    ['order=sequential', { order: 'sequential' }],
    ['drop=0', { drop: 0 }],
    ['drop=1', { drop: 1 }],
    ['drop=.25', { drop: 0.25 }],
    ['seed=4294967295', { seed: 4_294_967_295 }],
  ])('%s', (setting, expected) => {
    expect(parseSettings(parameters, [setting])).toMatchObject(expected);
  });

  test.each([
    ['keys', '--set keys: write it as name=value, for example --set keys=100000'],
    ['=5', '--set =5: write it as name=value'],
    [
      'kyes=5',
      '`kyes` is not a parameter of this workload; did you mean `keys`? known: keys, valueBytes, order',
    ],
    ['toString=5', '`toString` is not a parameter of this workload'],
    ['keys=', '--set keys=: `` is out of range for `keys` (whole number, 1 to 50000000)'],
    ['keys=0', '`0` is out of range for `keys` (whole number, 1 to 50000000)'],
    ['keys=1e5', '`1e5` is out of range'],
    ['keys=-1', '`-1` is out of range'],
    ['keys=99999999999999999999', 'is out of range'],
    ['drop=1.1', '`1.1` is out of range for `drop` (number, 0 to 1)'],
    ['drop=NaN', '`NaN` is out of range'],
    ['order=even', '`even` is out of range for `order` (odd | random | sequential)'],
  ])('refuses %s', (setting, message) => {
    expect(() => parseSettings(parameters, [setting])).toThrow(InputError);
    expect(() => parseSettings(parameters, [setting])).toThrow(message);
  });

  test('refuses a name given twice', () => {
    expect(() => parseSettings(parameters, ['keys=1', 'keys=2'])).toThrow(
      '--set keys=2: `keys` is set twice',
    );
  });
});

test('odd keys are half of the keys', () => {
  expect(() => check(parseSettings(parameters, ['drop=0.3']))).toThrow(
    '--set drop=0.3: order=odd deletes every other key, so drop must be 0.5; use order=random',
  );
  expect(() => check(parseSettings(parameters, ['drop=0.3', 'order=random']))).not.toThrow();
});

test('every workload is found by its name and is fully described', () => {
  for (const workload of WORKLOADS) {
    expect(findWorkload(workload.name)).toBe(workload);
    for (const text of [workload.summary, workload.source, workload.shows]) expect(text).not.toBe('');
    expect(workload.phases.length).toBeGreaterThan(0);
    for (const [name, parameter] of Object.entries(workload.parameters)) {
      expect(parameter.parse(String(parameter.default)), name).toBe(parameter.default);
    }
    expect(() => workload.check(parseSettings(workload.parameters, []))).not.toThrow();
  }
});

test('unknown workload', () => {
  expect(() => findWorkload('scatter')).toThrow('did you mean `scattered-delete`?');
});
