import type { Basis, Explanation, Part, Verdict } from '../analysis/index.js';
import {
  type Column,
  formatBytes,
  formatCount,
  formatRatio,
  formatShare,
  shellLines,
  tableThatFits,
  wrap,
} from '../base/index.js';
import { certaintyLine } from './certainty-line.js';
import { bold } from './colour.js';
import { noteText } from './explain-notes.js';
import { PART_NAMES, sentenceOn, VERDICT_NAMES } from './explain-sentences.js';
import type { Terminal } from './terminal.js';

const MAX_CLASSES = 6;
/** Parts with at least this share are explained even if they need no action. */
const MIN_EXPLAINED_SHARE = 0.2;

/** Returns an explanation as text: the main part of the memory with its remedy, then every part with its meaning. */
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
    adviceLines(explanation, width),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Returns the command that tries what would free memory, on a copy of the server's keys. */
function adviceLines({ advice }: Explanation, width: number): string[] {
  if (advice === null) return [];
  return [
    ...wrap('To try what would free memory, on a copy of its keys:', width),
    ...shellLines(advice, width - 2).map((line) => `  ${line}`),
  ];
}

function heading(explanation: Explanation, { width, colours }: Terminal): string[] {
  const { parts, act } = explanation;
  const [largest] = parts;
  const first = mainPart(explanation);
  if (largest === undefined || first === undefined) return [];
  const size = sizeSentence(explanation);
  const verdict = VERDICT_NAMES[first.verdict];
  const answer =
    act === null
      ? `${shareSentence(largest)}; ${nothingElse(explanation, largest)}.`
      : first === largest
        ? `${shareSentence(first)}: ${verdict}.`
        : `${shareSentence(largest)}. ${ACTS.includes(first.verdict) ? 'What can be acted on' : 'The largest other part'} is ${PART_NAMES[first.name]} ` +
          `(${formatBytes(first.bytes)}, ${formatShare(first.share)}): ${verdict}.`;
  return [
    ...[size, answer].flatMap((sentence) => wrap(sentence, width)).map((line) => bold(line, colours)),
    ...wrap(sentenceOn(first, explanation), width),
    ...wrap(certaintyLine(explanation), width),
    ...commandLines(first, width),
  ];
}

/** Totals beside which a process may hold any amount that the text does not show. */
const WITHOUT_REST: readonly Basis[] = ['used', 'allocated'];

function nothingElse({ of }: Explanation, largest: Part): string {
  if (WITHOUT_REST.includes(of)) return 'what the process holds beyond that, the text does not tell';
  return `nothing ${largest.verdict === 'in-use' ? 'else ' : ''}is worth acting on`;
}

/** Verdicts that ask for an action on the process itself. */
const ACTS: readonly Verdict[] = ['key-design', 'clients', 'scripts', 'wait', 'purge', 'defrag', 'restart'];

const TOTALS: Readonly<Record<Basis, string>> = {
  rss: 'resident',
  resident: "resident by jemalloc's count",
  active: 'in active pages',
  allocated: 'allocated',
  used: 'used',
  slabs: 'in slabs',
};

function sizeSentence({ total, of, used, server }: Explanation): string {
  const { product, version, allocator } = server;
  const names = [product === null ? null : `${product}${version === null ? '' : ` ${version}`}`, allocator];
  const known = names.filter((name) => name !== null);
  const whose = known.length === 0 ? '' : ` (${known.join(', ')})`;
  const ratio =
    of === 'rss' && used !== null && used > 0 ? `, ${formatRatio(total / used)} times used_memory` : '';
  return `${formatBytes(total)} ${TOTALS[of]}${whose}${ratio}.`;
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

const TABLE_HEADS: Readonly<Record<Basis, string>> = {
  rss: 'part of RSS',
  resident: 'part of resident',
  active: 'part of active',
  allocated: 'part of allocated',
  used: 'part of used',
  slabs: 'part of slabs',
};

function partsTable({ parts, total, of, retained }: Explanation, width: number): string[] {
  const column = (title: string, cell: (part: Part) => string, sum: string): Column => {
    return { title, cells: [...parts.map(cell), sum] };
  };
  const lines = tableThatFits(
    column(TABLE_HEADS[of], ({ name }) => PART_NAMES[name], 'together'),
    [
      column('bytes', ({ bytes }) => formatBytes(bytes), formatBytes(total)),
      column('share', ({ share }) => formatShare(share), formatShare(1)),
      column('verdict', ({ verdict }) => (verdict === 'none' ? '' : VERDICT_NAMES[verdict]), ''),
    ],
    width,
  );
  if (retained === null || retained === 0) return lines;
  const more = `Beside it: ${formatBytes(retained)} retained, address space without memory behind it.`;
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
