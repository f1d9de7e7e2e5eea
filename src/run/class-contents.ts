import type { Content } from '../../workloads/index.js';
import type { BuildInfo } from '../engine/index.js';
import { STRUCT_KIND_NAMES } from '../model/index.js';

/** Returns the names of the struct kinds that a build allocates in each size class, by bytes of the class. */
export function contentsByClass(
  contents: readonly Content[],
  { sizeClasses }: BuildInfo,
): Map<number, string[]> {
  const names = new Map<number, string[]>();
  for (const { owner, bytes } of contents) {
    const size = sizeClasses.find((candidate) => candidate >= bytes);
    if (size === undefined) continue;
    const kinds = names.get(size);
    if (kinds === undefined) names.set(size, [STRUCT_KIND_NAMES[owner]]);
    else kinds.push(STRUCT_KIND_NAMES[owner]);
  }
  return names;
}
