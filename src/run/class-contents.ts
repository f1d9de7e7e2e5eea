import type { Content } from '../../workloads/index.js';
import type { BuildInfo } from '../engine/index.js';
import { STRUCT_KIND_NAMES } from '../model/index.js';
/** The size class that each kind of region lands in, for a build: class size -> names of the kinds. */
export function contentsByClass(
  contents: readonly Content[],
  { sizeClasses }: BuildInfo,
): Map<number, string[]> {
  const names = new Map<number, string[]>();
  for (const { owner, bytes } of contents) {
    const size = sizeClasses.find((candidate) => candidate >= bytes);
    if (size === undefined) continue;
    const there = names.get(size);
    if (there === undefined) names.set(size, [STRUCT_KIND_NAMES[owner]]);
    else there.push(STRUCT_KIND_NAMES[owner]);
  }
  return names;
}
