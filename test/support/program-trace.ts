/** A made-up trace of a program with threads that begin and end: requests that live shortly, and a cache that stays. */
import { Random } from '#slablab/src/base/index.js';
import {
  type OpsMetadata,
  type OpsNames,
  OpWriter,
  type RecordedProgram,
} from '#slablab/src/stream/index.js';
import { OpsFileWriter } from '#slablab/src/stream/node.js';

const CACHE = 2;
const REQUEST = 3;
const BUFFER = 5;

const NAMES: OpsNames = {
  owners: [
    { tag: CACHE, frames: ['cache_put at cache.c:40', 'serve at main.c:9', 'main at main.c:1'] },
    { tag: REQUEST, frames: ['parse at parse.c:7', 'serve at main.c:9', 'main at main.c:1'] },
    { tag: BUFFER, frames: ['grow at io.c:70', 'read_all at io.c:30', 'main at main.c:1'] },
  ],
};

export const PROGRAM: RecordedProgram = {
  command: ['node', 'app.js'],
  quantum: 16,
  pageSize: 4096,
  narenas: 8,
  jemalloc: '5.3.0-0-g54eaed1',
  mallocConf: 'background_thread:true,dirty_decay_ms:5000',
  recorded: { operations: 1000, unknownFrees: 3, failedCalls: 0, lost: 0 },
};

const METADATA: OpsMetadata = { workload: 'app', server: 'none', parameters: {}, phases: ['end'] };

/** Writes a trace of a burst of requests, each 50th of which leaves a region in the cache, to its end or for good. */
export async function writeBurst(path: string, requests: number, isCacheFreed = false): Promise<void> {
  const file = await OpsFileWriter.create(path, { ...METADATA, program: PROGRAM }, { isPacked: true });
  const writer = new OpWriter();
  const ofRequests: number[] = [];
  const ofCache: number[] = [];
  for (let request = 0; request < requests; request++) {
    if (request % 50 === 0) ofCache.push(writer.malloc(64, CACHE));
    ofRequests.push(writer.malloc(64, REQUEST));
  }
  for (const handle of ofRequests) writer.free(handle);
  if (isCacheFreed) for (const handle of ofCache) writer.free(handle);
  writer.sweep(0);
  for (const chunk of writer.takeAll()) await file.write(chunk);
  await file.writeNames({ ...NAMES, peakAt: requests + Math.ceil(requests / 50) });
  await file.finish();
}

/** Writes a trace of about `operations` operations on `threads` threads at a time. */
export async function writeTrace(
  path: string,
  operations: number,
  threads: number,
  program: RecordedProgram = PROGRAM,
): Promise<void> {
  const file = await OpsFileWriter.create(path, { ...METADATA, program }, { isPacked: true });
  const writer = new OpWriter();
  const random = new Random(11);
  const living = Array.from({ length: threads }, (_, thread) => thread);
  const short: number[] = [];
  const cached: number[] = [];
  let next = threads;
  for (const thread of living) writer.thread(thread);
  while (writer.position < operations) {
    const draw = random.below(1000);
    const size = 16 + 16 * random.below(20);
    if (draw < 5) writer.thread(living[random.below(threads)]!);
    else if (draw < 6) writer.advance(1 + random.below(20));
    else if (draw < 7) {
      const ends = 1 + random.below(threads - 1);
      writer.thread(living[0]!);
      writer.threadEnd(living[ends]!);
      living[ends] = next++;
      writer.thread(living[ends]!);
    } else if (draw < 20) {
      cached.push(writer.malloc(size, CACHE));
      if (cached.length > operations / 400) writer.free(cached.splice(random.below(cached.length), 1)[0]!);
    } else if (draw < 500 || short.length < 20) {
      short.push(writer.malloc(size, random.below(2) === 0 ? REQUEST : BUFFER));
    } else {
      writer.free(short.splice(random.below(short.length), 1)[0]!);
    }
    for (const chunk of writer.takeFull()) await file.write(chunk);
  }
  for (const handle of short) writer.free(handle);
  writer.sweep(0);
  for (const chunk of writer.takeAll()) await file.write(chunk);
  await file.writeNames(NAMES);
  await file.finish();
}
