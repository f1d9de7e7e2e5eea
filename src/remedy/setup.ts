import { CLUSTER, REPLICAS } from '../model/index.js';
import { serverVersion } from '../run/index.js';
import type { Step } from './step.js';

/** The version, allocator and settings of a server process at its start. */
export interface Setup {
  readonly server: string;
  readonly build: string;
  readonly conf: string;
  /** Settings by the names in a configuration file, cluster mode and replicas included. */
  readonly settings: Readonly<Record<string, string>>;
}

/** One process of a server: what it was started with, the step that started it, and the steps that it carries out. */
export interface ServerProcess {
  readonly setup: Setup;
  /** Undefined for the process that has the input. */
  readonly startedBy: Step | undefined;
  readonly steps: readonly Step[];
}

/** Settings that a running server cannot change. */
const AT_START: ReadonlySet<string> = new Set([CLUSTER, REPLICAS]);

/** Whether a step ends the process, after which another one loads its data set. */
function restarts(step: Step): boolean {
  switch (step.kind) {
    case 'restart':
    case 'server':
    case 'build':
    case 'conf':
      return true;
    case 'set':
      return AT_START.has(step.name);
    default:
      return false;
  }
}

/** Divides steps into the processes that carry them out. */
export function processesOf(first: Setup, steps: readonly Step[]): ServerProcess[] {
  const processes: { setup: Setup; startedBy: Step | undefined; steps: Step[] }[] = [
    { setup: first, startedBy: undefined, steps: [] },
  ];
  let setup = first;
  for (const step of steps) {
    setup = after(step, setup);
    if (restarts(step)) processes.push({ setup, startedBy: step, steps: [] });
    else processes.at(-1)!.steps.push(step);
  }
  return processes;
}

/** Returns what a process that starts after the step is started with. */
function after(step: Step, setup: Setup): Setup {
  switch (step.kind) {
    case 'server':
      return { ...setup, server: step.server, build: buildFor(step.server, setup) };
    case 'build':
      return { ...setup, build: step.build };
    case 'conf':
      // The last value of an option wins, as in jemalloc.
      return { ...setup, conf: setup.conf === '' ? step.conf : `${setup.conf},${step.conf}` };
    case 'set':
      return { ...setup, settings: { ...setup.settings, [step.name]: step.value } };
    default:
      return setup;
  }
}

/** Returns the build that a server bundles, or the one that was chosen in place of the build of the server before. */
function buildFor(server: string, { server: before, build }: Setup): string {
  return build === serverVersion(before).defaultBuild ? serverVersion(server).defaultBuild : build;
}

/** The beginning of the names of builds with a quantum of 16, as servers on the system's jemalloc have it. */
const SYSTEM_BUILDS = 'q4';

/** Whether the allocator is one that a server's active defragmentation works with. */
export function canDefragment({ build }: Setup): boolean {
  return !build.startsWith(SYSTEM_BUILDS);
}
