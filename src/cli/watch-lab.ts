import { LabRecording, type LabThread } from '../serve/node.js';
import { type ListenCommandOptions, watchEveryMs } from './listen-options.js';
import { printMessage } from './output.js';
import { openWatchPage } from './watch-page.js';

/**
 * Records the lab for the page of `--watch`, if that is given. Returns a function that ends the recording, to be called
 * before the lab is closed.
 */
export async function watchLab(lab: LabThread, options: ListenCommandOptions): Promise<() => Promise<void>> {
  if (!options.watch) return async () => {};
  const recording = new LabRecording(lab, watchEveryMs(options), printMessage);
  try {
    const page = await openWatchPage(options, 'live', recording.live);
    return async () => {
      await recording.end();
      await page.close();
    };
  } catch (cause) {
    await recording.end();
    throw cause;
  }
}
