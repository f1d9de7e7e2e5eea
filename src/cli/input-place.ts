/** Places in an input, which `--at` and `--mark` name. */
import type { Workload } from '../../workloads/index.js';
import { hintOf, InputError, nearestName } from '../base/index.js';
import { DURATION_FORM, parseDuration } from '../remedy/index.js';
import type { Cut } from '../run/index.js';

/** Returns the place that `text` names: a phase of a workload; a time or a number of commands of a file. */
export function placeIn(workload: Workload | undefined, culprit: string, text: string): Cut {
  if (workload !== undefined) {
    const phases = workload.phases.map(({ name }) => name);
    if (phases.includes(text)) return { phase: text };
    throw new InputError(
      `${culprit}: not a phase of ${workload.name}; ${hintOf(nearestName(text, phases), phases)}`,
    );
  }
  if (/^\d{1,15}$/.test(text)) return { commands: Number(text) };
  const timeMs = parseDuration(text);
  if (timeMs !== undefined) return { timeMs };
  throw new InputError(
    `${culprit}: a file has no phases; name a number of commands, or a time from its beginning as ${DURATION_FORM}`,
  );
}

/** Returns the place that `--mark` names in an input; undefined without it. The one phase of a file is its end. */
export function markOf(mark: string | undefined, workload: Workload | undefined): Cut | undefined {
  if (mark === undefined) return undefined;
  if (workload === undefined)
    return mark === 'end' ? { phase: 'end' } : placeIn(workload, `--mark ${mark}`, mark);
  if (workload.traffic === undefined) {
    throw new InputError(
      `--mark with ${workload.name}: it drives the allocator by itself and sets its own mark; remove --mark`,
    );
  }
  return placeIn(workload, `--mark ${mark}`, mark);
}
