/** What `slablab run` of a file with one command takes, beside Node.js that runs nothing. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemporaryDirectory } from '../../src/output/node.js';
import { respOf } from '../../src/resp/request-writer.js';
import type { Leg } from './leg.js';
import { fastQuartileOfTimes } from './measured.js';
import { nodeProgram, slablabProgram } from './node-program.js';

const ROUNDS = 15;
const GOAL = 2;
const BOUND =
  'of 330 ms, Node.js itself has 72, 1.9 MB of modules 125 (58 to compile them), WebAssembly 32, the replay 55, the ' +
  "report 40; V8's code cache over one bundle was measured with 260 ms in all";

interface StartUp {
  readonly nodeMs: number;
  readonly slablabMs: number;
  /** slablab / node */
  readonly ratio: number;
}

export const startUp: Leg = {
  title: 'Start-up',
  about:
    "`slablab run` of a file with one command beside `node -e 0`: the processor's time of a whole process, all threads together.",
  async measure() {
    const result = await measureAll();
    return {
      tables: [
        {
          caption: `Milliseconds, lower quartile of ${ROUNDS} runs`,
          columns: ['', 'processor time'],
          rows: [
            ['node -e 0', result.nodeMs.toFixed(0)],
            ['slablab run, one command', result.slablabMs.toFixed(0)],
          ],
        },
      ],
      goals: [
        {
          what: 'run of one command / node -e 0',
          measured: result.ratio,
          is: 'at most',
          goal: GOAL,
          unit: '',
          bound: BOUND,
        },
      ],
      figures: result,
    };
  },
};

async function measureAll(): Promise<StartUp> {
  const directory = await TemporaryDirectory.make('slablab-start-');
  try {
    const file = join(directory.path, 'one.resp');
    await writeFile(file, respOf('SET', 'key', 'value'));
    const node: number[] = [];
    const slablab: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      node.push((await nodeProgram(['-e', '0'])).cpuSeconds * 1000);
      slablab.push((await slablabProgram('run', file, '--quiet')).cpuSeconds * 1000);
    }
    const nodeMs = fastQuartileOfTimes(node);
    const slablabMs = fastQuartileOfTimes(slablab);
    return { nodeMs, slablabMs, ratio: slablabMs / nodeMs };
  } finally {
    await directory.remove();
  }
}
