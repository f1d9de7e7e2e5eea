export { type KeyCensus, type KeyFigures, type PatternFigures, takeCensus } from './key-census.js';
export {
  type KindFigures,
  type TypeFigures,
  type TypeName,
  type TypeProfile,
  typeProfile,
} from './type-profile.js';
