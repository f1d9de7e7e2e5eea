import { formatBytes, formatCount, formatShare, plural } from '../base/index.js';
import type { Objective } from '../sweep/index.js';
import type { BestCell, Recommendation, SweepCell, SweepResult } from '../sweep/node.js';
import { describeCell, formatFigure, titleOf } from './sweep-columns.js';

/** The description of the setting to choose. */
export interface BestSummary {
  /** Names the cell, and the objectives that it was chosen by. */
  readonly sentence: string;
  /** The assignment for a shell or a unit file; undefined if the defaults are best. */
  readonly line: string | undefined;
  readonly caution: string;
}

/** Describes the setting to choose; undefined if no cell was measured. */
export function bestSummary(result: SweepResult): BestSummary | undefined {
  const { best, cells, objectives, recommendation } = result;
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
  const chosen = cells.find((candidate) => candidate.cell === recommendation?.cell);
  if (recommendation == null || chosen === undefined) {
    return {
      sentence: `Best by ${namesOf(best.objectives)}: cell ${best.cell} (${describeCell(cell)}).`,
      line: lineOf(best),
      caution: cautionOf(best, result),
    };
  }
  return recommended(result, best, chosen, recommendation);
}

function recommended(
  result: SweepResult,
  best: BestCell,
  chosen: SweepCell,
  { reason, tolerance, objectives, defaultCell }: Recommendation,
): BestSummary {
  const least = formatShare(tolerance);
  const where = `cell ${chosen.cell} (${describeChosen(result, chosen)})`;
  if (reason === 'no difference') {
    const what =
      defaultCell === null ? 'what was varied is no reason to choose' : `the defaults win: ${where}`;
    return {
      sentence: `No setting makes a difference to this traffic: all are within ${least} of the best by ${namesOf(objectives)}, so ${what}.`,
      line: undefined,
      caution: 'There is nothing to set.',
    };
  }
  if (reason === 'default') {
    return {
      sentence: `The defaults, ${where}, are as good as any: by ${namesOf(objectives)}, no other is better by more than ${least}.`,
      line: undefined,
      caution: cautionOf({ conf: '', variable: best.variable }, result),
    };
  }
  const confOf = chosen.run?.conf ?? (chosen.cell === best.cell ? best.conf : '');
  const byDefault = result.cells.find(({ cell }) => cell === defaultCell);
  const gain =
    byDefault === undefined
      ? ''
      : gainOf(objectives, figuresOf(result, chosen), figuresOf(result, byDefault));
  return {
    sentence: `Best by ${namesOf(objectives)}: ${where}${gain}. ${costOf(chosen, byDefault)}`.trim(),
    line: lineOf({ conf: confOf, variable: best.variable }),
    caution: cautionOf({ conf: confOf, variable: best.variable }, result),
  };
}

/** Returns the values of a cell; without its seed where seeds are repetitions. */
function describeChosen({ groups }: SweepResult, { cell, values }: SweepCell): string {
  const group = groups?.find(({ cells }) => cells.includes(cell));
  return group === undefined
    ? describeCell({ values })
    : [describeCell(group), plural(group.cells.length, 'seed')].filter((text) => text !== '').join(', ');
}

/** The values of `--best-by`, since that is what a reader can ask for. */
function namesOf([first, ...others]: readonly Objective[]): string {
  return `${first}${others.length === 0 ? '' : `, then ${others.join(', ')}`}`;
}

/** Returns the figures of a cell; the mean over its seeds where seeds are repetitions. */
function figuresOf({ groups }: SweepResult, { cell, figures }: SweepCell): SweepCell['figures'] {
  return groups?.find(({ cells }) => cells.includes(cell))?.mean ?? figures;
}

/** Names the first objective in which a setting differs from the defaults. */
function gainOf(
  objectives: readonly Objective[],
  figures: SweepCell['figures'],
  byDefault: SweepCell['figures'],
): string {
  for (const objective of objectives) {
    const [from, to] = [byDefault, figures].map((of) => formatFigure(objective, of?.[objective] ?? null));
    if (from !== to) return `, ${titleOf(objective)} ${to} instead of ${from} with the defaults`;
  }
  return '';
}

/** Names what a setting costs: purges, their calls, and thread caches that are off. Empty if it costs nothing. */
function costOf(chosen: SweepCell, byDefault: SweepCell | undefined): string {
  const [own, other] = [purgesOf(chosen), byDefault === undefined ? undefined : purgesOf(byDefault)];
  const parts: string[] = [];
  if (own !== undefined && own.bytes > (other?.bytes ?? 0)) {
    const instead = (text: string | undefined) => (text === undefined ? '' : ` instead of ${text}`);
    parts.push(
      `${formatBytes(own.bytes)} purged${instead(other === undefined ? undefined : formatBytes(other.bytes))}, in ` +
        `${plural(own.calls, 'call')}${instead(other === undefined ? undefined : formatCount(other.calls))}`,
    );
  }
  if (hasNoTcache(chosen) && (byDefault === undefined || !hasNoTcache(byDefault))) {
    parts.push('thread caches are off, so every allocation takes the lock of its arena');
  }
  return parts.length === 0 ? '' : `It costs: ${parts.join('; ')}.`;
}

function purgesOf({ run }: SweepCell): { readonly bytes: number; readonly calls: number } | undefined {
  const system = run?.phases.at(-1)?.system;
  if (system === undefined) return undefined;
  return {
    bytes: system.forcedPurgedBytes + system.lazyPurgedBytes + system.unmappedBytes,
    calls: system.forcedPurges + system.lazyPurges + system.unmaps,
  };
}

function hasNoTcache({ run }: SweepCell): boolean {
  return /(^|,)tcache:false/.test(run?.conf ?? '');
}

function lineOf({ conf, variable }: Pick<BestCell, 'conf' | 'variable'>): string | undefined {
  return conf === '' ? undefined : `${variable}="${conf}"`;
}

function cautionOf(
  { conf, variable }: Pick<BestCell, 'conf' | 'variable'>,
  { axes }: Pick<SweepResult, 'axes'>,
): string {
  if (conf === '') {
    return axes.some(({ kind }) => kind === 'conf' || kind === 'option')
      ? "The allocator's defaults are best here: there is nothing to set."
      : 'No option of the allocator was varied: there is nothing to set.';
  }
  return variable === 'JE_MALLOC_CONF'
    ? "The jemalloc that Redis and Valkey bundle has a prefix: it reads JE_MALLOC_CONF and ignores MALLOC_CONF. A distribution's package, linked to its shared libjemalloc, is the other way round."
    : "This build is a distribution's shared libjemalloc: it reads MALLOC_CONF. The jemalloc that Redis and Valkey bundle ignores that, and reads JE_MALLOC_CONF.";
}
