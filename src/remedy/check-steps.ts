import { InputError } from '../base/index.js';
import type { Input } from '../input/index.js';
import { serverVersion } from '../run/index.js';
import { canDefragment, processesOf, type Setup } from './setup.js';
import { type Step, turnsDefragOn } from './step.js';

/** Refuses steps that cannot be carried out, before anything is replayed. */
export function checkSteps(setup: Setup, steps: readonly Step[], openInput: (path: string) => Input): void {
  for (const step of steps) {
    if (step.kind === 'input') checkInput(openInput(step.path));
  }
  let { server } = setup;
  for (const { setup: next, startedBy, steps: own } of processesOf(setup, steps)) {
    for (const step of own)
      if (step.kind === 'activedefrag' || turnsDefragOn(step)) refuseWithoutDefrag(next, step.text);
    if (startedBy !== undefined) refuseOlder(server, next.server, startedBy.text);
    ({ server } = next);
  }
}

/** Refuses active defragmentation of a server that has the system's jemalloc. */
function refuseWithoutDefrag(setup: Setup, text: string): void {
  if (canDefragment(setup)) return;
  const { server, build } = setup;
  const { defaultBuild, defrag } = serverVersion(server);
  throw new InputError(
    `--then '${text}': build ${build} is that of distributions, whose servers answer: ${defrag.refusal}; ` +
      `name the server's own with --build ${defaultBuild}`,
  );
}

function checkInput(input: Input): void {
  const { kind, path } = input;
  input.close();
  if (kind === 'rdb') {
    throw new InputError(
      `${path}: a running server loads no RDB file; name it as the first input, and give the steps after it`,
    );
  }
}

/** The last RDB version that Redis and Valkey share. */
const LAST_SHARED_RDB_VERSION = 11;

/** Refuses a server that does not read what the one before it saves. */
function refuseOlder(before: string, after: string, text: string): void {
  const { product, rdbVersion } = serverVersion(before);
  const next = serverVersion(after);
  const isForeign = product !== next.product && rdbVersion > LAST_SHARED_RDB_VERSION;
  if (rdbVersion <= next.rdbVersion && !isForeign) return;
  throw new InputError(
    `--then '${text}': ${before} saves RDB version ${rdbVersion}, which ${after} refuses to load; ` +
      `name a server that reads it, or begin with --server ${after}`,
  );
}
