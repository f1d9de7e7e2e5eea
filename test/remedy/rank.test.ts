import { describe, expect, test } from 'vitest';
import { conclusionOf } from '#slablab/src/remedy/conclusion.js';
import type { TriedRemedy } from '#slablab/src/remedy/index.js';
import { pairsFor, relationOf } from '#slablab/src/remedy/pairs.js';
import { ranked } from '#slablab/src/remedy/rank.js';

const MIB = 1024 ** 2;
const BEFORE = { usedMemory: 100 * MIB, active: 190 * MIB, resident: 200 * MIB, keys: 1000 };

function remedy(
  name: string,
  kind: TriedRemedy['kind'],
  backMib: number,
  more: Partial<TriedRemedy> = {},
): TriedRemedy {
  const backBytes = backMib * MIB;
  return {
    name,
    kind,
    steps: [name],
    memory: { ...BEFORE, resident: BEFORE.resident - backBytes },
    backBytes,
    freedBytes: 0,
    beyond: null,
    gainBytes: backBytes,
    helps: backMib > 2,
    costs: { sent: 0, tookMs: 0, copiedBytes: 0 },
    caution: '',
    onServer: [],
    ...more,
  };
}

const purge = remedy('purge', 'purge', 0);
const restart = remedy('restart', 'restart', 40);
const conf = remedy('conf dirty_decay_ms:0', 'conf', 41, { gainBytes: MIB, helps: false, beyond: 'restart' });
const version = remedy('server valkey-9.1', 'version', 60);
const unlink = remedy('unlink a:*', 'delete', 90);

const namesOf = (remedies: readonly TriedRemedy[]) => remedies.map(({ name }) => name);

describe('remedies', () => {
  test('come in this order: for today, upgrades, keys that expire anyway, other keys, no difference', () => {
    const expiring = remedy('unlink b:*', 'expire', 70);
    expect(namesOf(ranked([purge, unlink, conf, restart, version, expiring], 2 * MIB))).toEqual([
      'restart',
      'server valkey-9.1',
      'unlink b:*',
      'unlink a:*',
      'conf dirty_decay_ms:0',
      'purge',
    ]);
  });

  test('that differ by less than the tolerance are equal, and the cheaper leads', () => {
    const close = remedy('larger set listpacks', 'encoding', 41);
    expect(namesOf(ranked([close, restart], 2 * MIB))).toEqual(['restart', close.name]);
    expect(namesOf(ranked([close, restart], 0.5 * MIB))).toEqual([close.name, 'restart']);
  });

  test('that let the server run on lead if they give back nearly as much', () => {
    const defrag = (mib: number) => remedy('activedefrag', 'defrag', mib);
    expect(namesOf(ranked([restart, defrag(37)], MIB))).toEqual(['activedefrag', 'restart']);
    expect(namesOf(ranked([restart, defrag(35)], MIB))).toEqual(['restart', 'activedefrag']);
  });

  test('are paired across kinds, with one restart at the end', () => {
    const encoding = remedy('larger hash listpacks', 'encoding', 30, {
      steps: ['set hash-max-listpack-entries=512', 'restart'],
    });
    const deletion = { ...unlink, steps: ['unlink a:*', 'purge'] };
    const other = remedy('unlink b:*', 'delete', 20, { steps: ['unlink b:*', 'purge'] });
    const ranking = ranked([encoding, version, deletion, other, restart, purge], 2 * MIB);
    expect(pairsFor(ranking, 3).map(({ trial }) => trial.steps)).toEqual([
      ['set hash-max-listpack-entries=512', 'server valkey-9.1'],
      ['set hash-max-listpack-entries=512', 'unlink a:*', 'restart'],
      ['set hash-max-listpack-entries=512', 'unlink b:*', 'restart'],
    ]);
  });

  test.each([
    [100, 'add up'],
    [101, 'add up'],
    [110, 'help each other'],
    [61, 'exclude each other'],
    [75, 'overlap'],
  ])('of 40 and 60 MiB that give back %d MiB together %s', (backMib, relation) => {
    expect(relationOf(backMib * MIB, restart, version, 2 * MIB)).toBe(relation);
  });
});

describe('the conclusion', () => {
  const conclude = (
    remedies: readonly TriedRemedy[],
    pairs: Parameters<typeof conclusionOf>[0]['pairs'] = [],
  ) => conclusionOf({ before: BEFORE, remedies: ranked(remedies, 2 * MIB), tolerance: 0.01, pairs });

  test('names the best that keeps the keys, then the deletion that gives back most', () => {
    const more = remedy('unlink a:*, restart', 'delete', 120, { beyond: 'unlink a:*' });
    expect(conclude([purge, restart, unlink, more])).toBe(
      'Restart the server from its own RDB file: 40.0 MiB of 200.0 MiB come back, and every key stays; ' +
        'if those keys can go, `unlink a:*` gives back 90.0 MiB, and 120.0 MiB with a restart after it.',
    );
  });

  test('names a second remedy that adds to the best', () => {
    const encoding = remedy('larger hash listpacks', 'encoding', 30);
    const pair = {
      first: 'server valkey-9.1',
      second: encoding.name,
      backBytes: 80 * MIB,
      relation: 'overlap',
    } as const;
    expect(conclude([version, encoding], [pair])).toContain(
      'come back, 80.0 MiB with server valkey-9.1 as well',
    );
    const small = { ...pair, backBytes: 31 * MIB };
    expect(conclude([version, encoding], [small])).not.toContain('as well');
  });

  test('leaves the defaults where nothing helps', () => {
    expect(conclude([purge, conf])).toBe(
      'Leave the server and its settings as they are: nothing that keeps the keys gives back more than 1.0% of ' +
        'resident memory.',
    );
    expect(conclude([purge, unlink])).toContain('; if those keys can go, `unlink a:*` gives back 90.0 MiB.');
    const expiring = remedy('unlink b:*', 'expire', 20);
    expect(conclude([purge, unlink, expiring])).toContain(
      '; keys that expire anyway can go sooner: `unlink b:*` gives back 20.0 MiB.',
    );
  });
});
