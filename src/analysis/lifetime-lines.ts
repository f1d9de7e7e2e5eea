/** The report of lifetimes: which short-lived regions share slabs with long-lived ones. */
import { formatCount, shortened, tableThatFits, wrap } from '../base/index.js';
import type { Lifetime, PinReport } from './pins.js';

const MAX_ROWS = 8;

/** Returns a table of the groups whose regions die in slabs that others pin, and a sentence on it; empty if there are none. */
export function lifetimeLines({ lifetimes = [], owners }: PinReport, width: number): string[] {
  const rows = dyingAmong(lifetimes, owners).slice(0, MAX_ROWS);
  if (rows.length === 0) return [];
  const column = (title: string, cell: (row: Dying) => string) => ({ title, cells: rows.map(cell) });
  return [
    '',
    ...tableThatFits(
      { title: 'die in slabs of', cells: rows.map(({ life }) => shortened(`${life.size} ${life.pattern}`)) },
      [
        column('freed', ({ life }) => formatCount(life.frees)),
        column('half within', ({ life }) => `${formatCount(life.medianOperations ?? 0)} ops`),
        column('pinned by', ({ keeper }) => shortened(keeper)),
        column('slabs', ({ slabs }) => formatCount(slabs)),
      ],
      width,
    ),
    ...wrap(
      'regions that lived shortly in size classes whose slabs others keep; `slablab whatif` with an arena of their own shows what that gives back',
      width,
    ),
  ];
}

interface Dying {
  readonly life: Lifetime;
  /** The group that keeps most slabs of the class. */
  readonly keeper: string;
  readonly slabs: number;
}

/** Finds, in each size class, the groups that freed nearly all of their regions, beside one that keeps slabs. */
function dyingAmong(lifetimes: readonly Lifetime[], owners: PinReport['owners']): Dying[] {
  const keepers = new Map<number, PinReport['owners'][number]>();
  for (const owner of owners) {
    const before = keepers.get(owner.size);
    if (owner.pattern !== null && (before === undefined || owner.slabs > before.slabs)) {
      keepers.set(owner.size, owner);
    }
  }
  return lifetimes
    .flatMap((life) => {
      const keeper = keepers.get(life.size);
      const isShort = life.frees > 0 && life.frees * 100 >= life.allocations * 90;
      if (!isShort || keeper === undefined || keeper.pattern === life.pattern || keeper.slabs < 2) return [];
      return [{ life, keeper: keeper.pattern!, slabs: keeper.slabs }];
    })
    .sort((left, right) => right.slabs - left.slabs || right.life.frees - left.life.frees);
}
