/** Tables and goals on a terminal. */
import { type Goal, goalTexts, isMet, type Table } from './leg.js';
import type { LegName } from './leg-names.js';

export interface NamedGoal {
  readonly leg: LegName;
  readonly goal: Goal;
}

export function printTable({ caption, columns, rows }: Table): void {
  console.log(`\n${caption}`);
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  for (const cells of lines) {
    const padded = cells.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)));
    console.log(padded.join('   ').trimEnd());
  }
}

export function printGoals(caption: string, goals: readonly NamedGoal[]): void {
  const rows = goals.map(({ leg, goal }) => {
    const texts = goalTexts(goal);
    return [`${leg}: ${goal.what}`, texts.measured, texts.goal, isMet(goal) ? 'met' : 'falls short'];
  });
  printTable({ caption, columns: ['', 'measured', 'goal', ''], rows });
}
