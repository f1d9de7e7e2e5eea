import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../base/index.js';
import { liveVerifyReport } from '../report/node.js';
import { UnseenTraffic } from '../serve/index.js';
import { Control, DISCARDING_SINK, type LiveVerifyResult, parseUpstream } from '../serve/node.js';
import { type Measures, tooFar } from '../verify/index.js';
import type { CommandResult } from './command-result.js';

/**
 * Covers the 5.2 s after a large reply in which the reply buffer of an idle client shrinks. Before that, the result
 * depends on when each side's cron runs.
 */
export const MIN_LIVE_SETTLE_MS = 6000;

/** Asks a tap how far its lab differs from the server that it follows. */
export async function verifyLive(
  url: string,
  settleMs: number,
  thresholds: Measures,
): Promise<CommandResult> {
  const upstream = parseUpstream('--live', url);
  const tap = new Control(upstream, DISCARDING_SINK, new UnseenTraffic(() => {}));
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

/** Judges a result by the thresholds of this command line instead of those of the tap. */
function withThresholds(result: LiveVerifyResult, thresholds: Measures): LiveVerifyResult {
  const above = tooFar(result.comparison, thresholds, result.least);
  return { ...result, thresholds, exceeded: above, agrees: above.length === 0 };
}
