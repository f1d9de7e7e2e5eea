/** Results of the command line: they have no map, but they name the run. */
import { InputError } from '../../src/base/index.js';
import { RUN_SCHEMA, type RunHeader, type RunResult } from '../../src/run/index.js';
import { readJson, WORKLOADS } from '../../workloads/index.js';
import { type Experiment, FIRST_EXPERIMENT, HOOK_MODES } from '../experiment.js';

export const LACK = 'figures, but not where the slabs lie, which a map needs';

/** Whether the text is a result of any kind; other JSON is the declaration of a workload. */
export function isResult(text: string): boolean {
  return /"schema"\s*:\s*"slablab\./.test(text);
}

/** Returns the result of one run of a workload; any other result is an InputError. */
export function readRun(path: string, text: string): RunResult {
  const result = Object(readJson(path, text).value) as RunResult;
  const { schema, workload } = result;
  const [kind] = RUN_SCHEMA.split('/');
  if (schema !== RUN_SCHEMA) {
    throw new InputError(
      `${schema}`.startsWith(`${kind}/`)
        ? `${path}: is of version \`${schema}\`, and this page reads \`${RUN_SCHEMA}\`; make it anew with this version`
        : `${path}: results of several runs (${schema}) have ${LACK}; give the result of one run, or its recording ` +
            '(.slabs, which `slablab run --out DIR` writes)',
    );
  }
  if (!Array.isArray(result.phases) || typeof workload !== 'string') {
    throw new InputError(`${path}: says that it is ${schema}, and is not; the file is damaged`);
  }
  if (WORKLOADS.some(({ name }) => name === workload)) return result;
  throw new InputError(
    `${path}: the result of a run of ${workload} has ${LACK}; give the recording that \`slablab run --out DIR\` wrote ` +
      `beside it (.slabs), or ${workload} itself`,
  );
}

/** Returns the experiment that a run or a recording was made by. */
export function experimentOf(result: RunHeader, hasOwners = FIRST_EXPERIMENT.hasOwners): Experiment {
  const parameters = Object.entries(Object(result.parameters)).map(
    ([name, value]) => [name, `${value}`] as const,
  );
  return {
    ...FIRST_EXPERIMENT,
    subject: { kind: 'workload', name: result.workload },
    parameters: Object.fromEntries(parameters),
    server: result.server,
    build: result.build,
    conf: result.conf,
    hooks: HOOK_MODES.find((mode) => mode === result.hooks) ?? 'complete',
    settings: result.settings ?? {},
    hasOwners,
  };
}
