import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { Kind } from '#slablab/src/stream/index.js';
import { openOpsFile } from '#slablab/src/stream/node.js';
import { convertLog } from '#slablab/src/trace/node.js';
import { Translator } from '#slablab/src/trace/translator.js';
import { printedSeed } from '../support/seed.js';

/** Returns a log of random calls, which uses addresses again and forgets some frees. */
function randomLog(random: Random): string {
  const lines: string[] = [];
  const live: number[] = [];
  for (let call = 0; call < 3000; call++) {
    const size = 1 + random.below(5000);
    const address = 4096 * (1 + random.below(200));
    const draw = random.below(10);
    if (draw < 5 || live.length === 0) {
      const name = ['malloc(', 'memalign(64,', 'calloc(3,'][random.below(3)];
      lines.push(`1 1 ${name}${size})=0x${address.toString(16)}`);
      live.push(address);
    } else {
      const [old] = live.splice(random.below(live.length), 1);
      if (draw < 8) lines.push(`1 1 free(0x${old!.toString(16)})`);
      else {
        lines.push(`1 1 realloc(0x${old!.toString(16)},${size})=0x${address.toString(16)}`);
        live.push(address);
      }
    }
  }
  return lines.join('\n');
}

test('the peak of a random log is where the live regions of its operations had asked for most bytes', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'slablab-peak-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [log, path] = [join(directory, 'random.log'), join(directory, 'random.ops')];
  writeFileSync(log, randomLog(new Random(printedSeed('peak'))));
  await convertLog(log, path);
  const reader = await openOpsFile(path);
  const { peakAt } = await reader.names();
  const sizes = new Map<number, number>();
  let [live, most, position, at] = [0, 0, 0, 0];
  for await (const { length, what, handle, size } of reader.chunks()) {
    for (let index = 0; index < length; index++) {
      position++;
      const kind = what[index]! & 0xff;
      if (kind === Kind.thread || kind === Kind.sweep) continue;
      const bytes = kind === Kind.free ? 0 : size[index]!;
      live += bytes - (sizes.get(handle[index]!) ?? 0);
      sizes.set(handle[index]!, bytes);
      if (live <= most) continue;
      most = live;
      at = position;
    }
  }
  await reader.close();
  expect(peakAt).toBe(at);
});

test('a sized free of an aligned region is a plain one, whose size class needs no alignment', () => {
  const translator = new Translator();
  translator.obtainAligned(0x1000, 6, 40, 0);
  translator.obtain('malloc', 0x2000, 40, 0);
  translator.release(0x1000, 'free', 40);
  translator.release(0x2000, 'free', 40);
  const [chunk] = translator.finish();
  expect(Array.from(chunk!.what.subarray(2, 4))).toEqual([Kind.free, Kind.freeSized]);
  expect(translator.counts.wrongSizes).toBe(0);
});
