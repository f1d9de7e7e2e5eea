import { LabRecording, type LabThread } from '../serve/node.js';
import { say } from './output.js';
import { type ListenCommandOptions, watchEveryMs } from './serve-flags.js';
import { openWatch } from './watch.js';

/** Gives what ends it, which must be before the lab's own end. */
export async function watchLab(lab: LabThread, options: ListenCommandOptions): Promise<() => Promise<void>> {
  if (!options.watch) return async () => {};
  const recording = new LabRecording(lab, watchEveryMs(options), say);
  try {
    const page = await openWatch(options, 'live', recording.live);
    return async () => {
      await recording.end();
      await page.close();
    };
  } catch (cause) {
    await recording.end();
    throw cause;
  }
}
