import { InputError } from '../../src/base/index.js';
import { openIn } from '../../src/input/index.js';
import { parseServerSettings } from '../../src/model/index.js';
import {
  type Continuation,
  inputSource,
  opsSource,
  type RunAccounts,
  type RunSource,
  TraceAccounts,
  workloadSource,
} from '../../src/run/index.js';
import { isOpsFile, OpsFileReader } from '../../src/stream/index.js';
import { declaredWorkload, findWorkload, parseSettings, type Workload } from '../../workloads/index.js';
import { assignments, type Experiment } from '../experiment.js';
import { filesOf, opsBytes } from './given-files.js';
import type { GivenFile } from './service.js';

/** The changes after an input, which are further phases of it. */
interface Changes {
  readonly continuation?: Continuation | undefined;
}

/** Opens the stream of an experiment as the command line opens it. */
export async function openSource(
  experiment: Experiment,
  given: readonly GivenFile[],
  accounts: RunAccounts | TraceAccounts | undefined,
  changes: Changes = {},
): Promise<RunSource> {
  if (accounts instanceof TraceAccounts) {
    const trace = given.find(({ path }) => path === experiment.subject.name)!;
    return opsSource(await OpsFileReader.open(trace.path, opsBytes(trace.path, trace.file)), accounts);
  }
  const { name, kind } = experiment.subject;
  if (kind === 'workload') return ofWorkload(findWorkload(name), experiment, accounts, changes);
  const file = given.find(({ path }) => path === name)?.file;
  if (file === undefined) return ofCommands(experiment, given, accounts, changes);
  if (/\.json$/i.test(name))
    return ofWorkload(declaredWorkload(name, await file.text()), experiment, accounts, changes);
  const bytes = opsBytes(name, file);
  if (!(await isOpsFile(name, bytes))) return ofCommands(experiment, given, accounts, changes);
  return opsSource(await OpsFileReader.open(name, bytes));
}

function ofWorkload(
  workload: Workload,
  experiment: Experiment,
  accounts: RunAccounts | undefined,
  { continuation }: Changes,
): RunSource {
  const { isCluster, settings } = parseServerSettings(assignments(experiment.settings));
  if (isCluster) {
    throw new InputError('cluster-enabled=yes: workloads run without cluster mode; leave the setting out');
  }
  const values = parseSettings(workload.parameters, assignments(experiment.parameters));
  return workloadSource(workload, values, experiment.server, { settings, accounts, continuation });
}

function ofCommands(
  experiment: Experiment,
  given: readonly GivenFile[],
  accounts: RunAccounts | undefined,
  { continuation }: Changes,
): RunSource {
  const { subject, server, settings } = experiment;
  return inputSource(openIn(filesOf(given), subject.name), {
    server,
    ...parseServerSettings(assignments(settings)),
    accounts,
    continuation,
  });
}
