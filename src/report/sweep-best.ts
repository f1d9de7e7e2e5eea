import { plural } from '../base/index.js';
import type { BestCell, SweepCell, SweepResult } from '../sweep/node.js';
import { describeCell } from './sweep-columns.js';

/** The description of the best cell. */
export interface BestSummary {
  /** Names the cell, and the objectives that it was chosen by. */
  readonly sentence: string;
  /** The assignment for a shell or a unit file; undefined if the defaults are best. */
  readonly line: string | undefined;
  readonly caution: string;
}

/** Describes the best cell; undefined if no cell was measured. */
export function bestSummary({ best, axes, cells, objectives }: SweepResult): BestSummary | undefined {
  const cell = cells.find((candidate) => candidate.cell === best?.cell);
  if (best === null || cell === undefined) return undefined;
  const measured = cells.filter(({ figures }) => figures !== null);
  const isSame = ({ figures }: SweepCell) =>
    objectives.every((objective) => figures?.[objective] === cell.figures?.[objective]);
  if (measured.length > 1 && measured.every(isSame)) {
    return {
      sentence: `All ${plural(measured.length, 'cell')} that ran are the same in all of these.`,
      line: undefined,
      caution: 'What was varied makes no difference here: there is nothing to set.',
    };
  }
  const [first, ...others] = best.objectives;
  const then = others.length === 0 ? '' : `, then ${others.join(', ')}`;
  return {
    sentence: `Best by ${first}${then}: cell ${best.cell} (${describeCell(cell as SweepCell)}).`,
    line: best.conf === '' ? undefined : `${best.variable}="${best.conf}"`,
    caution: cautionOf(best, axes),
  };
}

function cautionOf({ conf, variable }: BestCell, axes: SweepResult['axes']): string {
  if (conf === '') {
    return axes.some(({ kind }) => kind === 'conf' || kind === 'option')
      ? "The allocator's defaults are best here: there is nothing to set."
      : 'No option of the allocator was varied: there is nothing to set.';
  }
  return variable === 'JE_MALLOC_CONF'
    ? "The jemalloc that Redis and Valkey bundle has a prefix: it reads JE_MALLOC_CONF and ignores MALLOC_CONF. A distribution's package, linked to its shared libjemalloc, is the other way round."
    : "This build is a distribution's shared libjemalloc: it reads MALLOC_CONF. The jemalloc that Redis and Valkey bundle ignores that, and reads JE_MALLOC_CONF.";
}
