/** An atlas as SVG and as PNG, which show the same cells. */
import { atlasGrid } from '../../map/index.js';
import { pngOf } from '../map-png.js';
import { SVG_LETTER_WIDTH, svgOf } from '../map-svg.js';
import { LETTER_WIDTH } from '../pixel-font.js';
import { type Atlas, FIGURE_TITLES, figureText } from './atlas.js';
import { atlasAnswer, figureOf } from './atlas-answer.js';
import { type AtlasChoice, composeAtlas, conditionsOf } from './atlas-composition.js';

export function atlasSvg(atlas: Atlas, choice: AtlasChoice): string {
  const composition = composeAtlas(atlas, choice, { letterWidth: SVG_LETTER_WIDTH });
  return svgOf(composition, titleOf(atlas), described(atlas, choice));
}

export function atlasPng(atlas: Atlas, choice: AtlasChoice): Promise<Uint8Array> {
  const composition = composeAtlas(atlas, choice, { letterWidth: LETTER_WIDTH });
  return pngOf(composition, titleOf(atlas), described(atlas, choice));
}

function titleOf({ workload, axes }: Atlas): string {
  return `${workload}: ${axes.map(({ name }) => name).join(' × ')}`;
}

/** Returns the figures of all cells as text, for those who do not see the maps. */
function described(atlas: Atlas, { figure, values }: AtlasChoice): string {
  const { sentence, reason } = atlasAnswer(atlas, figure);
  const cells = atlas.cells.map((cell) => {
    const value = figureOf(cell, figure);
    const settings = Object.entries(cell.values).map(([name, text]) => `${name}=${text}`);
    return `${settings.join(', ')}: ${value === null ? (cell.error ?? 'not run') : figureText(figure, value)}`;
  });
  const { fixed } = atlasGrid(atlas.axes, values);
  return [sentence, reason, conditionsOf(atlas, fixed), `${FIGURE_TITLES[figure]}:`, ...cells].join('\n');
}
