import type { Explanation, Note, Part } from '../analysis/index.js';
import {
  type Column,
  formatBytes,
  formatCount,
  formatRatio,
  formatShare,
  plural,
  shellLines,
  tableThatFits,
  wrap,
} from '../base/index.js';
import { bold } from './colour.js';
import { PART_NAMES, sentenceOn, VERDICT_NAMES } from './explain-sentences.js';
import type { Terminal } from './terminal.js';

const MAX_CLASSES = 6;
/** Parts with at least this share are explained even if they need no action. */
const MIN_EXPLAINED_SHARE = 0.2;

/** Returns an explanation as text: the main part of RSS with its remedy, then every part with its meaning. */
export function explainReport(explanation: Explanation, terminal: Terminal): string {
  const { width } = terminal;
  const first = mainPart(explanation);
  const explained = explanation.parts.filter(
    (part) => part !== first && (part.verdict !== 'none' || Math.abs(part.share) >= MIN_EXPLAINED_SHARE),
  );
  const sections = [
    heading(explanation, terminal),
    partsTable(explanation, width),
    ...explained.map((part) => partSection(part, explanation, terminal)),
    holesTable(explanation, width),
    explanation.notes.flatMap((note) => wrap(noteText(note, explanation), width)),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function heading(explanation: Explanation, { width, colours }: Terminal): string[] {
  const { rss, used, parts, server, act } = explanation;
  const [largest] = parts;
  const first = mainPart(explanation);
  if (largest === undefined || first === undefined) return [];
  const { product, version, allocator } = server;
  const whose = version === null ? allocator : `${product} ${version}, ${allocator}`;
  const size = `${formatBytes(rss)} resident (${whose}), ${formatRatio(rss / used)} times used_memory.`;
  const verdict = VERDICT_NAMES[first.verdict];
  const answer =
    act === null
      ? `${shareSentence(largest)}; nothing ${largest.verdict === 'in-use' ? 'else ' : ''}is worth acting on.`
      : first === largest
        ? `${shareSentence(first)}: ${verdict}.`
        : `${shareSentence(largest)}. What can be acted on is ${PART_NAMES[first.name]} ` +
          `(${formatBytes(first.bytes)}, ${formatShare(first.share)}): ${verdict}.`;
  return [
    ...[size, answer].flatMap((sentence) => wrap(sentence, width)).map((line) => bold(line, colours)),
    ...wrap(sentenceOn(first, explanation), width),
    ...commandLines(first, width),
  ];
}

/** Returns the part that the heading describes. */
function mainPart({ parts, act }: Explanation): Part | undefined {
  return act === null ? parts[0] : parts.find(({ name }) => name === act);
}

function shareSentence({ name, bytes, share }: Part): string {
  const what = PART_NAMES[name];
  if (share > 1) return `${capitalized(what)} count ${formatBytes(bytes)}, more than all that is resident`;
  return `${share > 0.5 ? 'Most of it' : 'The largest part'}, ${formatShare(share)}, is ${what} (${formatBytes(bytes)})`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function partsTable({ parts, rss, retained }: Explanation, width: number): string[] {
  const column = (title: string, cell: (part: Part) => string, total: string): Column => {
    return { title, cells: [...parts.map(cell), total] };
  };
  const lines = tableThatFits(
    column('part of RSS', ({ name }) => PART_NAMES[name], 'together'),
    [
      column('bytes', ({ bytes }) => formatBytes(bytes), formatBytes(rss)),
      column('share', ({ share }) => formatShare(share), formatShare(1)),
      column('verdict', ({ verdict }) => (verdict === 'none' ? '' : VERDICT_NAMES[verdict]), ''),
    ],
    width,
  );
  if (retained === null || retained === 0) return lines;
  const more = `Not in RSS: ${formatBytes(retained)} retained, address space without memory behind it.`;
  return [...lines, ...wrap(more, width)];
}

function partSection(part: Part, explanation: Explanation, { width, colours }: Terminal): string[] {
  return [
    bold(`${PART_NAMES[part.name]}: ${VERDICT_NAMES[part.verdict]}`, colours),
    ...wrap(sentenceOn(part, explanation), width),
    ...commandLines(part, width),
  ];
}

function commandLines({ server, lab }: Part, width: number): string[] {
  return [
    ...server.flatMap((command) => commandLine('server', command, width)),
    ...(lab === null ? [] : commandLine('lab', lab, width)),
  ];
}

const MARGIN = 8;

function commandLine(where: string, command: string, width: number): string[] {
  return shellLines(command, width - MARGIN).map((line, index) => {
    return `${(index === 0 ? `${where}:` : '').padEnd(MARGIN)}${line}`;
  });
}

function holesTable({ parts, classes }: Explanation, width: number): string[] {
  const worth = parts.some(({ name, verdict }) => name === 'holes' && verdict !== 'none');
  if (!worth || classes === null) return [];
  const shown = classes.slice(0, MAX_CLASSES);
  const column = (title: string, cell: (row: (typeof shown)[number]) => string): Column => {
    return { title, cells: shown.map(cell) };
  };
  return tableThatFits(
    column('class', ({ size }) => `${size}`),
    [
      column('holes', ({ holes }) => formatBytes(holes)),
      column('slabs', ({ slabs }) => formatCount(slabs)),
      column('regions', ({ regions }) => formatCount(regions)),
      column('used', ({ util }) => formatShare(util)),
    ],
    width,
  );
}

function noteText(note: Note, { server }: Explanation): string {
  const cli = `${server.product ?? 'redis'}-cli`;
  switch (note.kind) {
    case 'no-malloc-stats':
      return (
        `From INFO alone. With what \`${cli} MEMORY MALLOC-STATS\` prints as well, explain tells parked regions from other ` +
        'code, dirty pages from metadata, holes by size class, and what rounding can cost.'
      );
    case 'sampling':
      return (
        `The two texts are not of one moment: INFO's last sample has ${formatBytes(note.info)} allocated, the statistics ` +
        `${formatBytes(note.stats)}. INFO samples every 100 ms; take both again while the server rests.`
      );
    case 'left-out':
      return (
        `${plural(note.lines, 'line')} ${note.lines === 1 ? 'is' : 'are'} neither INFO nor MEMORY MALLOC-STATS, and left ` +
        `out; the first: "${note.first}".`
      );
    case 'defrag-running':
      return 'Active defragmentation is running: holes are becoming fewer, dirty pages more.';
    case 'child':
      return (
        `A child process (a save or an AOF rewrite) holds ${formatBytes(note.bytes)} of copies beside this RSS; they go ` +
        'when it ends.'
      );
  }
}
