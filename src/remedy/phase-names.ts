import type { Step } from './step.js';

/** Returns a name for the phase of each step. A step that is there twice has its number. */
export function phaseNames(steps: readonly Step[]): string[] {
  const seen = new Map<string, number>();
  return steps.map(({ text }) => {
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return count === 1 ? text : `${text} (${count})`;
  });
}
