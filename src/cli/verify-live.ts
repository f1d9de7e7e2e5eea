/** `verify --live`: a tap is asked how far its lab is from the server that it follows. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../base/index.js';
import { liveVerifyReport } from '../report/node.js';
import { Gaps } from '../serve/index.js';
import { Control, DISCARDING_SINK, type LiveVerifyResult, parseUpstream } from '../serve/node.js';
import { exceeded, type Measures } from '../verify/index.js';
import type { CommandResult } from './command-result.js';

/**
 * Reply buffers of clients that are idle shrink up to 5.2 s after their last big reply; before that, the moment at which
 * a tick of either side comes decides what is compared.
 */
export const LIVE_SETTLE_MS = 6000;

export async function verifyLive(
  url: string,
  settleMs: number,
  thresholds: Measures,
): Promise<CommandResult> {
  const upstream = parseUpstream('--live', url);
  const tap = new Control(upstream, DISCARDING_SINK, new Gaps(() => {}));
  try {
    await tap.ask('PING');
    await sleep(settleMs);
    const { texts, isError } = await tap.ask('MEMORY', 'VERIFY');
    if (isError) {
      throw new InputError(
        `--live ${upstream.url}: ${texts[0]}; name the port of \`slablab serve --upstream\` or of \`slablab attach\``,
      );
    }
    const result = withThresholds(JSON.parse(texts[0]!) as LiveVerifyResult, thresholds);
    return {
      json: result,
      text: () => liveVerifyReport(result),
      exitCode: result.agrees ? 0 : 1,
      messages: [],
    };
  } finally {
    tap.close();
  }
}

/** Whoever asks decides what is too far. */
function withThresholds(result: LiveVerifyResult, thresholds: Measures): LiveVerifyResult {
  const above = exceeded(result.comparison.measures, thresholds);
  return { ...result, thresholds, exceeded: above, agrees: above.length === 0 };
}
