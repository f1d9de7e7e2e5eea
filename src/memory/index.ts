export { type KeyCensus, type KeyFigures, type PatternFigures, takeCensus } from './key-census.js';
