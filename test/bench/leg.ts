/** A leg of `make bench`: one comparison, whose figures are shown beside their goals. */

export interface Leg {
  readonly title: string;
  /** What is compared and how, in Markdown. */
  readonly about: string;
  /** Whether only `make bench LEG=NAME` measures it. */
  readonly byNameOnly?: boolean;
  measure(): Measured | Promise<Measured>;
}

export interface Measured {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  /** The figures themselves, for programs. */
  readonly figures: unknown;
}

export interface Table {
  readonly caption: string;
  /** The head of the first column is above the names of the rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One figure and the goal it is judged by. */
export interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly is: 'at least' | 'at most';
  readonly goal: number;
  /** Empty for a ratio. */
  readonly unit: string;
  /** What keeps the figure from its goal, with the measurement that shows it. */
  readonly bound?: string;
}

export function isMet({ measured, is, goal }: Goal): boolean {
  return is === 'at least' ? measured >= goal : measured <= goal;
}

/** Returns a figure with three digits or more: `0.89`, `37.2`, `54,000`. */
export function figureText(figure: number): string {
  if (Math.abs(figure) >= 1000) return Math.round(figure).toLocaleString('en-US');
  if (Math.abs(figure) >= 100) return figure.toFixed(0);
  return figure.toFixed(Math.abs(figure) >= 10 ? 1 : 2);
}

/** Returns the figure and its goal: `0.89` and `at least 0.95`. */
export function goalTexts({ measured, is, goal, unit }: Goal): { measured: string; goal: string } {
  const withUnit = (figure: string) => (unit === '' ? figure : `${figure} ${unit}`);
  return {
    measured: withUnit(figureText(measured)),
    goal: `${is} ${withUnit(String(goal.toLocaleString('en-US')))}`,
  };
}
