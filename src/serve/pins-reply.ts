/** MEMORY PINS reports whose regions keep slabs from being returned. */
import { pinReport, pinReportLines, regionsByRow } from '../analysis/index.js';
import { error, type LabReply, text } from '../resp/node.js';
import type { LiveLab } from './live-lab.js';

const WIDTH = 100;

/** Returns the reply to MEMORY PINS [SLAB page] [JSON]. */
export async function pinsReply(lab: LiveLab, words: readonly string[]): Promise<LabReply> {
  let slab: number | undefined;
  let isJson = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]?.toLowerCase();
    if (word === 'json') isJson = true;
    else if (word === 'slab' && /^\d{1,9}$/.test(words[at + 1] ?? '')) slab = Number(words[++at]);
    else return error('ERR syntax error: MEMORY PINS [SLAB page] [JSON]');
  }
  const { granules, virtualMs } = await lab.survey();
  const { attribution } = lab.memoryAccounts.copy();
  if (attribution === undefined) return error('ERR owners are not kept: start the lab with --owners');
  const regions = regionsByRow(granules, await lab.engine.locate());
  const report = pinReport({ granules, virtualMs, regions, attribution, info: lab.engine.info, slab });
  return text(isJson ? JSON.stringify(report) : pinReportLines('now', report, WIDTH).join('\n'));
}
