/** The programs that give the same results: one version of slablab with the same builds of the allocator. */
import { createHash } from 'node:crypto';
import { buildDigest, builds } from '../engine/node.js';
import type { Cell } from '../sweep/node.js';

export interface Contract {
  readonly version: string;
  /** The digest of each build and runtime, by `build/runtime`. */
  readonly builds: Readonly<Record<string, string>>;
}

/** The builds that every package has. */
const COMMON_BUILDS: ReadonlySet<string> = new Set(['q3', 'q4', 'q3-5.2.1']);

/** Returns the contract of the cells of a sweep. */
export async function contractOf(version: string, cells: readonly Cell[]): Promise<Contract> {
  const digests = new Map<string, string>();
  for (const { allocator } of cells) {
    const name = `${allocator.build}/${allocator.runtime}`;
    if (!digests.has(name)) digests.set(name, await buildDigest(allocator.build, allocator.runtime));
  }
  return { version, builds: Object.fromEntries([...digests].sort()) };
}

/** Returns why this program may not run the cells of a contract; undefined if it may. */
export async function breachOf(
  version: string,
  { builds: wanted, ...other }: Contract,
): Promise<string | undefined> {
  if (other.version !== version) return `it needs slablab ${other.version}, and this is ${version}`;
  for (const [name, digest] of Object.entries(wanted)) {
    const [build = '', runtime] = name.split('/');
    const own = await buildDigest(build, runtime === 'native' ? 'native' : 'wasm').catch(() => undefined);
    if (own === undefined) return `it needs the build ${name}, which is not here`;
    if (own !== digest) return `its build ${name} has another checksum than the one here`;
  }
  return undefined;
}

/** Returns the name of the queue that programs of one kind share, so that no other takes their cells. */
export async function queueName(version: string): Promise<string> {
  const common = (await builds()).filter((build) => COMMON_BUILDS.has(build));
  const digests = await Promise.all(common.map(async (build) => [build, await buildDigest(build, 'wasm')]));
  const hash = createHash('sha256').update(JSON.stringify([version, digests]));
  return `cells-${hash.digest('hex').slice(0, 12)}`;
}
