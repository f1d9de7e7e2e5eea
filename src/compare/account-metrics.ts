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

const OWNERS: BetterWhenByFigure<Omit<PinReport, 'patterns' | 'owners' | 'slab' | 'biggest'>> = {
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

/** Groups of figures, by their path in a phase. */
export const ACCOUNT_GROUPS = {
  types: TYPES,
  'types.clients': CLIENTS,
  'types.types': OF_TYPE,
  'types.kinds': OF_KIND,
  owners: OWNERS,
  'owners.patterns': PINNED,
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
    for (const row of rowsOf(phase.owners, group, where)) yield* read(group, row, rowOf(row));
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
