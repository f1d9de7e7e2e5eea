/** docs/performance.md, made from the records in docs/performance. */
import { type Goal, goalTexts, isMet, type Table } from './leg.js';
import { LEG_NAMES, type LegName } from './leg-names.js';
import type { LegRecord, LegRecords } from './leg-record.js';

const INTRODUCTION = `# Performance

\`make bench\` measures legs side by side, in turns, and writes \`results/bench.json\`. \`make bench LEG=name\` measures one.
It ends with the goals that fall short. Ratios are slablab's; absolute figures are the machine's.

\`make performance\` makes this page from the newest record of each leg. Each section has its date, machine and command.
`;

interface Row {
  readonly leg: LegName;
  readonly goal: Goal;
}

/** Returns the page; \`more\` are sections that no leg measures. */
export function performancePage(records: LegRecords, more: string): string {
  const measured = LEG_NAMES.flatMap((leg) => {
    const record = records[leg];
    return record === undefined ? [] : [{ leg, record }];
  });
  const rows = measured.flatMap(({ leg, record }) => record.goals.map((goal) => ({ leg, goal })));
  const short = rows.filter(({ goal }) => !isMet(goal));
  return [
    INTRODUCTION,
    '## Goals\n',
    markdown(goalsTable(rows)),
    '## What falls short\n',
    short.length === 0 ? 'Nothing: every goal above is met.\n' : markdown(shortfallTable(short)),
    ...measured.map(({ record }) => section(record)),
    more,
  ].join('\n');
}

function goalsTable(rows: readonly Row[]): Table {
  return {
    caption: '',
    columns: ['figure', 'leg', 'measured', 'goal', ''],
    rows: rows.map(({ leg, goal }) => {
      const texts = goalTexts(goal);
      return [goal.what, `\`${leg}\``, texts.measured, texts.goal, isMet(goal) ? 'met' : 'falls short'];
    }),
  };
}

function shortfallTable(rows: readonly Row[]): Table {
  return {
    caption: '',
    columns: ['figure', 'measured', 'goal', 'what bounds it'],
    rows: rows.map(({ goal }) => {
      const texts = goalTexts(goal);
      return [goal.what, texts.measured, texts.goal, goal.bound ?? 'not examined'];
    }),
  };
}

function section({ title, about, tables, date, machine, load, command }: LegRecord): string {
  const busy = load === undefined ? '' : ` The load before was ${load.toFixed(1)}.`;
  const origin = `Measured on ${date} on ${machine}, by \`${command}\`.${busy}\n`;
  const shown = tables.map((table) => `${table.caption}:\n\n${markdown(table)}`);
  return [`## ${title}\n`, `${about}\n`, ...shown, origin].join('\n');
}

function markdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(line)].join('\n')}\n`;
}
