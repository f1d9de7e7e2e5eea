import type { PinReport } from '../analysis/index.js';
import { escaped, formatBytes, markdownTable } from '../base/index.js';
import type { ResidentParts } from '../map/index.js';
import { type Answer, partyName } from './resident-answer.js';

export interface MomentText {
  /** The run and the moment of it. */
  readonly title: string;
  readonly conditions: string;
  readonly answer: Answer;
  readonly parts: ResidentParts;
  readonly peak: number;
  /** The owners at this moment; null if they are unknown. */
  readonly owners: PinReport | null;
}

/** The owners that free most; an issue has no room for all. */
const MOST_OWNERS = 10;

/** Returns the answer of a moment, its parts and its owners as Markdown, for a pull request or an issue. */
export function momentMarkdown({ title, conditions, answer, parts, peak, owners }: MomentText): string {
  const { amounts, sentence, reason } = answer;
  const rows = [
    ['In use', amounts.use],
    ['Pinned', amounts.pinned],
    ['Comes back', amounts.back],
    ['Records', amounts.records],
    ['Resident', formatBytes(parts.resident)],
    ['Came back since the peak', formatBytes(peak - parts.resident)],
  ] as const;
  const table = [
    { title: 'memory', cells: rows.map(([name]) => name) },
    { title: '', cells: rows.map(([, amount]) => amount) },
  ];
  const blocks = [
    [`### ${escaped(title)}`],
    [`**${escaped(sentence.map(({ text }) => text).join(''))}** ${escaped(reason)}`],
    markdownTable(table, (column) => column === 0),
    owners === null ? [] : ownersTable(owners),
    conditions === '' ? [] : [escaped(conditions)],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function ownersTable({ patterns }: PinReport): string[] {
  const shown = patterns.slice(0, MOST_OWNERS);
  const columns = [
    { title: 'held by', cells: shown.map(partyName) },
    { title: 'in use', cells: shown.map(({ bytes }) => formatBytes(bytes)) },
    { title: 'would come back', cells: shown.map(({ aloneBytes }) => formatBytes(aloneBytes)) },
  ];
  const left = patterns.length - shown.length;
  return [...markdownTable(columns, (column) => column === 0), ...(left > 0 ? ['', `and ${left} more`] : [])];
}
