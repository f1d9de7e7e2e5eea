import { readFileSync } from 'node:fs';
import { declaredWorkload, findWorkload, WORKLOADS, type Workload } from '../../workloads/index.js';
import { InputError } from '../base/index.js';
import { textOf } from '../input/node.js';

/** Whether a name means a workload, not a file of commands or a saved stream. */
export function namesWorkload(what: string): boolean {
  return WORKLOADS.some(({ name }) => name === what) || isDocument(what);
}

/** Returns a workload by its name, or the one that a JSON document declares, whose text may be at another path. */
export function workloadNamed(what: string, at = what): Workload {
  return isDocument(what) ? declaredWorkload(what, contentsOf(at)) : findWorkload(what);
}

/** Whether a name is that of a JSON document, which declares a workload. */
export function isDocument(what: string): boolean {
  return /\.json(\.gz)?$/i.test(what);
}

function contentsOf(path: string): string {
  try {
    return textOf(path, readFileSync(path));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: ${(error as Error).message}; name a workload, or a JSON document of one`);
  }
}
