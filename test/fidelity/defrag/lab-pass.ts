/** One pass of active defragmentation in the lab, with every try of it, as the recorded servers printed theirs. */
import type { Engine, Snapshot } from '#slablab/src/engine/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { setSetting } from '#slablab/src/model/index.js';
import { Kind, type OpChunk } from '#slablab/src/stream/index.js';
import { newServer, type TestServer } from '../../support/redis.js';

/** Size class of a region, used regions of its slab before the try, and whether it moved. */
export interface TriedRegion {
  readonly size: number;
  readonly used: number;
  readonly moved: boolean;
}

/** Regions and slabs of a size class, and slabs that are not full, in the arena of the server's keys. */
type Bins = ReadonlyMap<number, { readonly regs: number; readonly slabs: number }>;

export interface LabPass {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly bins: Bins;
  readonly tries: readonly TriedRegion[];
}

const SETTINGS = {
  'active-defrag-ignore-bytes': '1',
  'active-defrag-threshold-lower': '1',
  'active-defrag-threshold-upper': '2',
  'active-defrag-cycle-min': '99',
  'active-defrag-cycle-max': '99',
};

/**
 * Carries out commands, then one pass. `padding` are regions to allocate first, by size: a server's own start-up leaves the
 * slabs of a class at another place than the model's.
 */
export async function labPass(
  version: string,
  conf: string,
  commands: readonly (readonly string[])[],
  padding: ReadonlyMap<number, number>,
): Promise<LabPass> {
  const engine = await openEngine({ runtime: 'wasm', build: 'q3', conf, hooks: 'complete' });
  const lab = newServer(version, { sizeClasses: engine.info.sizeClasses });
  for (const [name, value] of Object.entries(SETTINGS)) setSetting(lab.server.settings, name, value);
  for (const [size, count] of padding) {
    for (let left = count; left > 0; left--) lab.writer.malloc(size);
  }
  const chunks: OpChunk[] = [];
  for (const words of commands) {
    lab.execute(...words);
    chunks.push(...lab.chunks());
  }
  lab.server.advanceTo(300);
  for (const chunk of [...chunks, ...lab.writer.takeAll()]) await engine.replay(chunk);
  const before = await engine.survey(0);
  const tries = await onePass(lab, engine);
  const after = await engine.survey(1);
  await engine.close();
  return { before, after, bins: binsOf(before, engine), tries };
}

/** Lets cron begin a pass, and replays it operation by operation. */
async function onePass({ server, writer }: TestServer, engine: Engine): Promise<TriedRegion[]> {
  server.settings.activeDefrag = true;
  const tries: TriedRegion[] = [];
  for (;;) {
    server.advanceTo(server.nowMs + 100);
    for (const chunk of writer.takeAll()) {
      for (let at = 0; at < chunk.length; at++) {
        const one = single(chunk, at);
        const kind = one.what[0]! & 0xff;
        if (kind === Kind.defragTry) tries.push(await tried(engine, one));
        else await engine.replay(one);
        if (kind === Kind.defragPass && one.size[0] === 0) return tries;
      }
    }
  }
}

async function tried(engine: Engine, one: OpChunk): Promise<TriedRegion> {
  const { granules, defrag } = await engine.survey(0);
  const page = (await engine.locate())[one.handle[0]!]!;
  const row = granules.page.indexOf(page);
  await engine.replay(one);
  return {
    size: engine.info.sizeClasses[granules.sizeClass[row]!]!,
    used: granules.live[row]! + granules.parked[row]!,
    moved: (await engine.survey(0)).defrag!.hits > (defrag?.hits ?? 0),
  };
}

function single(chunk: OpChunk, at: number): OpChunk {
  const { what, handle, size } = chunk;
  return {
    firstPosition: chunk.firstPosition + at,
    length: 1,
    what: what.subarray(at, at + 1),
    handle: handle.subarray(at, at + 1),
    size: size.subarray(at, at + 1),
  };
}

/** Interpreters of scripts have arenas of their own, so the arena with the most slabs is that of the keys. */
function binsOf({ granules }: Snapshot, { info }: Engine): Bins {
  const slabs = new Map<number, number>();
  for (let row = 0; row < granules.count; row++) {
    slabs.set(granules.arena[row]!, (slabs.get(granules.arena[row]!) ?? 0) + 1);
  }
  const [[main] = []] = [...slabs].sort(([, left], [, right]) => right - left);
  const bins = new Map<number, { regs: number; slabs: number }>();
  for (let row = 0; row < granules.count; row++) {
    if (granules.arena[row] !== main || granules.sizeClass[row]! >= info.smallClasses) continue;
    const size = info.sizeClasses[granules.sizeClass[row]!]!;
    const bin = bins.get(size) ?? { regs: 0, slabs: 0 };
    bins.set(size, {
      regs: bin.regs + granules.live[row]! + granules.parked[row]!,
      slabs: bin.slabs + 1,
    });
  }
  return bins;
}
