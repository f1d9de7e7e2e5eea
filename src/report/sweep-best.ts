import { plural } from '../base/index.js';
import type { BestCell, SweepCell, SweepResult } from '../sweep/node.js';
import { describeCell } from './sweep-columns.js';

export interface BestWords {
  /** Which cell, and why it. */
  readonly sentence: string;
  /** Ready for a shell or a unit file; undefined where the defaults are best. */
  readonly line: string | undefined;
  readonly caution: string;
}

/** The best cell in words; undefined where no cell was measured. */
export function bestWords({ best, axes, cells, objectives }: SweepResult): BestWords | undefined {
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
