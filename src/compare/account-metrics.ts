/** The figures of a phase's accounts: memory by type, and what pins slabs by owner. */
import type { KindFigures, Pinned, PinReport, TypeFigures, TypeProfile } from '../analysis/index.js';
import type { PhaseAccounts, PhaseResult } from '../run/index.js';
import type { BetterWhenByFigure } from './better-when.js';
import {
  damaged,
  type Figure,
  type FigureOwner,
  type FigureRow,
  readFigures,
  WHOLE_PHASE,
  type Where,
} from './figure.js';

export type AccountName = keyof PhaseAccounts;

const TYPES: BetterWhenByFigure<Omit<TypeProfile, 'types' | 'kinds' | 'clients'>> = {
  keys: 'neither',
  userDataBytes: 'low',
  expiresBytes: 'low',
  hashMetadataBytes: 'low',
  keyspaceBytes: 'low',
  aofBufferBytes: 'low',
  replicationBufferBytes: 'low',
  replicationBacklogBytes: 'low',
  serverBytes: 'low',
  usedMemory: 'low',
  otherLibrariesBytes: 'low',
};

const CLIENTS: BetterWhenByFigure<TypeProfile['clients']> = {
  normalBytes: 'low',
  pubSubBytes: 'low',
  replicaBytes: 'low',
};

const OF_TYPE: BetterWhenByFigure<TypeFigures> = { keys: 'neither', bytes: 'low' };

const OF_KIND: BetterWhenByFigure<Omit<KindFigures, 'subject' | 'kind'>> = {
  regions: 'neither',
  bytes: 'low',
};

const OWNERS: BetterWhenByFigure<
  Omit<PinReport, 'patterns' | 'owners' | 'slab' | 'biggest' | 'by' | 'lifetimes'>
> = {
  pinned: 'low',
  pinnedBytes: 'low',
  pinnedByOnePattern: 'neither',
  pinnedByOneOwner: 'neither',
};

/** Ages depend on the times of commands, and the example is an address, so neither is compared. */
const PINNED: BetterWhenByFigure<Omit<Pinned, 'example' | 'ages'>> = {
  regions: 'neither',
  bytes: 'low',
  slabs: 'low',
  alone: 'neither',
  aloneBytes: 'neither',
};

/** Keys and bytes of a key are known where keys were counted, and then for each pattern. */
const OF_KEYS = { keys: 'neither', bytesPerKey: 'low' } as const;

/** Groups of figures, by their path in a phase. */
export const ACCOUNT_GROUPS = {
  types: TYPES,
  'types.clients': CLIENTS,
  'types.types': OF_TYPE,
  'types.kinds': OF_KIND,
  owners: OWNERS,
  'owners.patterns': { ...PINNED, ...OF_KEYS },
  'owners.owners': PINNED,
} as const;

/** The option of `run` that adds each account. */
export const ACCOUNTS: Readonly<Record<AccountName, string>> = { types: '--types', owners: '--owners' };

/** Yields the figures of an account of a phase. */
export function* figuresOfAccount(
  phase: PhaseResult,
  account: AccountName,
  result: string,
): Generator<Figure> {
  const where = { result, phase: phase.name };
  const read = (group: keyof typeof ACCOUNT_GROUPS, of: unknown, row: FigureRow) =>
    readFigures(of, group, Object.keys(ACCOUNT_GROUPS[group]), row, where);
  if (account === 'types') {
    const { types } = Object(phase) as { types: TypeProfile };
    yield* read('types', types, WHOLE_PHASE);
    yield* read('types.clients', Object(types).clients, WHOLE_PHASE);
    for (const [subject, of] of Object.entries(Object(Object(types).types))) {
      yield* read('types.types', of, { sizeClass: null, owner: { ...NOBODY, subject } });
    }
    for (const kind of rowsOf(types, 'types.kinds', where)) yield* read('types.kinds', kind, rowOf(kind));
    return;
  }
  yield* read('owners', phase.owners, WHOLE_PHASE);
  for (const group of ['owners.patterns', 'owners.owners'] as const) {
    for (const row of rowsOf(phase.owners, group, where)) {
      yield* readFigures(row, group, Object.keys(PINNED), rowOf(row), where);
    }
  }
}

/** Whether the keys of each pattern were counted at a phase. */
export function hasKeyCounts(phase: PhaseResult): boolean {
  return phase.owners?.biggest !== undefined;
}

/** Yields the keys of each pattern and their bytes each, at a phase that has them. */
export function* figuresOfKeys(phase: PhaseResult, result: string): Generator<Figure> {
  const where = { result, phase: phase.name };
  for (const row of rowsOf(phase.owners, 'owners.patterns', where)) {
    // A part of the server has no keys.
    const { keys = { count: 0 }, bytes = 0 } = row as { keys?: { count?: unknown }; bytes?: number };
    const count = Number(Object(keys).count);
    const figures = { keys: count, bytesPerKey: count === 0 ? 0 : bytes / count };
    yield* readFigures(figures, 'owners.patterns', Object.keys(OF_KEYS), rowOf(row), where);
  }
}

const NOBODY: FigureOwner = { pattern: null, subject: null, kind: null };

type AccountRow = Partial<FigureOwner> & { readonly size?: number };

function rowOf({ pattern = null, subject = null, kind = null, size }: AccountRow): FigureRow {
  return { sizeClass: size ?? null, owner: { pattern, subject, kind } };
}

function rowsOf(account: unknown, group: string, where: Where): readonly AccountRow[] {
  const rows: unknown = Object(account)[group.slice(group.indexOf('.') + 1)];
  const isRow = (row: unknown) => typeof row === 'object' && row !== null;
  if (Array.isArray(rows) && rows.every(isRow)) return rows;
  throw damaged(where, `\`${group}\` is not a list`);
}
