import { formatBytes, formatCount, formatShare, tableThatFits, visible, wrap } from '../base/index.js';
import type { PolicySizing, Sizing } from '../remedy/index.js';
import { certaintyLine } from './certainty-line.js';
import { bold } from './colour.js';
import type { Terminal } from './terminal.js';

const MAX_SHOWN = 2000;

/** Returns the report of a sizing: the answer, the margins in it, and the replays for each policy. */
export function sizeReport(sizing: Sizing, { width, colours }: Terminal): string {
  const { workload, server, build, jemalloc, conf } = sizing;
  const heading = `${visible(workload, MAX_SHOWN)} on ${server}, build ${build} (jemalloc ${jemalloc})`;
  const sections = [
    wrap(conf === '' ? heading : `${heading}, conf ${conf}`, width).map((line) => bold(line, colours)),
    [...answer(sizing), margins(sizing), certaintyLine(sizing)].flatMap((sentence) => wrap(sentence, width)),
    table(sizing, width),
    settingLines(sizing),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => `${section.join('\n')}\n`)
    .join('\n');
}

function answer({ dataSet, policies, limit, input }: Sizing): string[] {
  const rss = formatBytes(limit.rssBytes);
  if (dataSet !== null) {
    const { keys, maxmemoryBytes, peakBytes, replayedShare } = dataSet;
    const scale =
      replayedShare === 1
        ? ''
        : ` Replayed at 1/${1 / replayedShare} of that size: tables double, so that each size has its like at half of it.`;
    return [
      `Below ${rss}: ${formatCount(keys)} such keys, which are ${formatBytes(maxmemoryBytes)} of used_memory and peak at ` +
        `${formatBytes(peakBytes)} of allocator memory.${scale}`,
      `The file has ${formatCount(input.keys)} keys and peaks at ${formatBytes(input.peakBytes)}. Traffic that fragments memory ` +
        'needs more, and a log of it tells how much.',
    ];
  }
  const isBelow = input.peakBytes <= limit.allocatorBytes;
  if (isBelow) {
    return [
      `Below ${rss}: this traffic needs no limit, since it peaks at ${formatBytes(input.peakBytes)} of allocator memory ` +
        `with ${formatCount(input.keys)} keys at its end.`,
    ];
  }
  const found = policies.filter(({ maxmemoryBytes }) => maxmemoryBytes !== null);
  if (found.length === 0) {
    return [
      `Below ${rss}: no maxmemory is low enough for this traffic, which peaks at ${formatBytes(input.peakBytes)}.`,
    ];
  }
  return found.map(
    ({ policy, maxmemoryBytes, peakBytes }) =>
      `Below ${rss} with ${policy}: maxmemory ${formatBytes(maxmemoryBytes!)}, whose peak is ${formatBytes(peakBytes)} of ` +
      'allocator memory.',
  );
}

/** Names what no replay counts, and what is left for the allocator. */
function margins({ limit: { rssBytes, processBytes, copiedShare, allocatorBytes } }: Sizing): string {
  const copied = copiedShare === 0 ? 'none' : formatShare(copiedShare);
  return (
    `Of ${formatBytes(rssBytes)}, ${formatBytes(allocatorBytes)} are the allocator's: ${formatBytes(processBytes)} are the ` +
    `process (--process), and of the rest ${copied} is copied while a child saves (--copied).`
  );
}

function table({ policies, input }: Sizing, width: number): string[] {
  if (policies.length === 0) return [];
  const rows: readonly (Omit<PolicySizing, 'policy' | 'maxmemoryBytes'> & { readonly limit: string })[] = [
    { ...input, limit: 'none' },
    ...policies.map((sizing) => ({
      ...sizing,
      limit: sizing.maxmemoryBytes === null ? 'none' : formatBytes(sizing.maxmemoryBytes),
    })),
  ];
  const column = (title: string, cell: (row: (typeof rows)[number]) => string) => ({
    title,
    cells: rows.map(cell),
  });
  return tableThatFits(
    { title: 'policy', cells: ['(as it is)', ...policies.map(({ policy }) => policy)] },
    [
      column('maxmemory', ({ limit }) => limit),
      column('peak', ({ peakBytes }) => formatBytes(peakBytes)),
      column('used_memory', ({ usedMemory }) => formatBytes(usedMemory)),
      column('keys', ({ keys }) => formatCount(keys)),
    ],
    width,
  );
}

function settingLines({ server, policies, dataSet }: Sizing): string[] {
  const cli = server.startsWith('valkey') ? 'valkey-cli' : 'redis-cli';
  const set = (name: string, value: number | string) => `  ${cli} CONFIG SET ${name} ${value}`;
  const best = policies.find(({ maxmemoryBytes }) => maxmemoryBytes !== null);
  if (dataSet !== null) return ['On the server:', set('maxmemory', dataSet.maxmemoryBytes)];
  if (best === undefined) return [];
  return ['On the server:', set('maxmemory-policy', best.policy), set('maxmemory', best.maxmemoryBytes!)];
}
