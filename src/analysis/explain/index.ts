export { explain } from './explain.js';
export {
  type ClassHoles,
  EXPLAIN_SCHEMA,
  type Explanation,
  type Note,
  type Part,
  type PartName,
  type Rounding,
  type Verdict,
} from './explanation.js';
