import { escaped, markdownTable } from '../../base/index.js';
import { type Atlas, FIGURE_TITLES, figuresIn, figureText, valueText } from './atlas.js';
import { atlasAnswer } from './atlas-answer.js';
import { type AtlasChoice, conditionsOf } from './atlas-composition.js';

/** Returns the answer of an atlas and the table of its cells as Markdown, for a pull request or an issue. */
export function atlasMarkdown(atlas: Atlas, { figure }: Pick<AtlasChoice, 'figure'>): string {
  const { workload, axes, cells, cellCount } = atlas;
  const { sentence, reason, best } = atlasAnswer(atlas, figure);
  const columns = [
    ...axes.map(({ name }) => ({
      title: name,
      cells: cells.map(({ values }) => valueText(name, values[name] ?? '')),
    })),
    ...figuresIn(atlas).map((each) => ({
      title: FIGURE_TITLES[each],
      cells: cells.map(({ figures, error }) => {
        const value = figures?.[each] ?? null;
        return value === null ? (error === null ? '–' : 'failed') : figureText(each, value);
      }),
    })),
    { title: '', cells: cells.map(({ cell }) => (cell === best ? '★' : '')) },
  ];
  const failed = cells.flatMap(({ cell, error }) =>
    error === null ? [] : [`- cell ${cell} failed: ${escaped(error)}`],
  );
  const blocks = [
    [`### Sweep of ${escaped(workload)}, ${cells.length} of ${cellCount} cells`],
    [`**${escaped(sentence)}** ${escaped(reason)}`.trimEnd()],
    markdownTable(columns, (column) => column < axes.length),
    failed,
    [escaped(conditionsOf(atlas, []))],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}
