import type { TypeProfile } from '../analysis/index.js';
import { formatBytes, formatCount, tableInBlocks } from '../base/index.js';
import type { PhaseResult } from '../run/index.js';

type Row = readonly [label: string, bytes: (profile: TypeProfile) => number];

const OTHERS: readonly Row[] = [
  ['expires', ({ expiresBytes }) => expiresBytes],
  ['tables of keys', ({ keyspaceBytes }) => keyspaceBytes],
  ['clients', ({ clients }) => clients.normalBytes + clients.pubSubBytes + clients.replicaBytes],
  ['server', ({ serverBytes }) => serverBytes],
];

/** Returns memory by type, with a column for each phase. The types and the overheads add up to used_memory. */
export function typesTable(phases: readonly PhaseResult[], width: number): string[] {
  const profiled = phases.flatMap(({ name, types }) => (types === undefined ? [] : [{ name, types }]));
  const names = Object.keys(profiled[0]?.types.types ?? {}) as (keyof TypeProfile['types'])[];
  const held = names.filter((name) => profiled.some(({ types }) => types.types[name].keys > 0));
  if (profiled.length === 0) return [];
  const label = {
    title: 'memory by type',
    cells: [...held.flatMap((name) => [name, '  keys']), ...OTHERS.map(([name]) => name), 'used_memory'],
  };
  const columns = profiled.map(({ name, types }) => ({
    title: name,
    cells: [
      ...held.flatMap((type) => [formatBytes(types.types[type].bytes), formatCount(types.types[type].keys)]),
      ...OTHERS.map(([, bytes]) => formatBytes(bytes(types))),
      formatBytes(types.usedMemory),
    ],
  }));
  return tableInBlocks(label, columns, width);
}
