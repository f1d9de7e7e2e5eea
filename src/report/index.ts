export { adviceReport } from './advice-report.js';
export {
  type Atlas,
  type AtlasCell,
  atlasOf,
  FIGURE_TITLES,
  figuresIn,
  figureText,
  nameOfCell,
  valueText,
} from './atlas/atlas.js';
export { atlasAnswer, changeText, figureOf } from './atlas/atlas-answer.js';
export { type AtlasChoice, conditionsOf, costOf, legendOf } from './atlas/atlas-composition.js';
export { atlasPng, atlasSvg } from './atlas/atlas-files.js';
export { atlasMarkdown } from './atlas/atlas-markdown.js';
export { atlasText } from './atlas/atlas-text.js';
export { axisPlotMarks, frontPlotMarks } from './atlas/plot-marks.js';
export { axisPlot, frontPlot } from './atlas/plots.js';
export { bold } from './colour.js';
export { explainReport } from './explain-report.js';
export { PART_NAMES, sentenceOn, VERDICT_NAMES } from './explain-sentences.js';
export { gapLines, gapLinesOf } from './gap-lines.js';
export type { Mark } from './map-composition.js';
export { legendEntries } from './map-picture.js';
export { mapPng } from './map-png.js';
export { mapSvg } from './map-svg.js';
export { mapText } from './map-text.js';
export { momentMarkdown } from './moment-markdown.js';
export { pairAnswer } from './pair/pair-answer.js';
export { type PairRow, pairMarkdown, pairRows, rowTexts } from './pair/pair-rows.js';
export { chooseMaps, type MapChoice, pictureOf, titleOf } from './recording-map.js';
export { type Answer, amountsOf, partyName, residentAnswer } from './resident-answer.js';
export { residentLine } from './resident-line.js';
export { runReport } from './run-report.js';
export { atlasPage, mapPage } from './single-page.js';
export { sizeReport } from './size-report.js';
export { type Terminal, terminalOf } from './terminal.js';
export { FORMATS } from './units.js';
export { whatIfReport } from './what-if-report.js';
