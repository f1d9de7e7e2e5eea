/** What takes figures out of a text. */
import type { Random } from '#slablab/src/base/index.js';
import type { Dirt } from './dirt.js';

function withoutLines(text: string, from: number, count: number): string {
  const lines = text.split('\n');
  lines.splice(from, count);
  return lines.join('\n');
}

const lineCount = (text: string) => text.split('\n').length;

export const DAMAGE: Readonly<Record<string, Dirt>> = {
  'the end is cut': (text, random) => text.slice(0, random.below(text.length)),
  'the beginning is cut': (text, random) => text.slice(random.below(text.length)),
  'the middle is cut': (text, random) => {
    const at = random.below(text.length);
    return `${text.slice(0, at)}\n...\n${text.slice(at + 1 + random.below(1500))}`;
  },
  'a line is lost': (text, random) => withoutLines(text, random.below(lineCount(text)), 1),
  'lines are lost': (text, random) => withoutLines(text, random.below(lineCount(text)), 2 + random.below(60)),
  'a line is cut': (text, random) =>
    changedLine(text, random, (line) => line.slice(0, random.below(line.length + 1))),
  'a digit is lost': (text, random) => changedLine(text, random, (line) => line.replace(/\d(?=\d*\s*$)/, '')),
  'a blank is in a number': (text, random) =>
    changedLine(text, random, (line) => line.replace(/(\d\d)(\d+\s*)$/, '$1 $2')),
};

function changedLine(text: string, random: Random, change: (line: string) => string): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  lines[at] = change(lines[at] ?? '');
  return lines.join('\n');
}
