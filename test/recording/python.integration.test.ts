/** The format's documentation has a reader in Python; it is run as it is printed. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeRecording, type Recording } from '#slablab/src/recording/index.js';
import { collected } from '../support/pieces.js';
import { wholeRecording } from '../support/random-recording.js';
import { spawned } from '../support/spawned.js';

const FORMAT = new URL('../../src/recording/FORMAT.md', import.meta.url);

/** All that the documented functions find, where the example prints one figure. */
const PRINT_ALL = `
import sys
for tag, body in records(open(sys.argv[1], 'rb')):
    if tag == b'FRAM': frame = json.loads(body)
    if tag == b'COLS': print(json.dumps([frame['phase'], tables(frame, body)]))
`;

async function python(code: string, recording: Recording): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slablab-python-'));
  try {
    const [script, file] = [join(directory, 'read.py'), join(directory, 'a.slabs')];
    await writeFile(script, code);
    await writeFile(file, await collected(encodeRecording(recording)));
    const { exitCode, stdout, stderr } = await spawned('python3', [script, file]);
    expect(exitCode, `python3, which this test needs: ${stderr}`).toBe(0);
    return stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('the reader in FORMAT.md finds in python3 (needed here) what was written', async () => {
  const [reader, example] = Array.from(
    (await readFile(FORMAT, 'utf8')).matchAll(/^```python\n(.*?)^```$/gms),
    ([, code]) => code!,
  ) as [string, string];
  const recording = await wholeRecording();
  const found = (await python(reader + PRINT_ALL, recording))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(found).toEqual(
    recording.frames.map(({ phase, snapshot: { granules, unused, regions }, owners }) => {
      const { count: _, free, ...columns } = granules;
      const { count: __, ...extents } = unused;
      const all = free.map((value, row) => value + granules.live[row]! + granules.parked[row]!);
      return [
        phase,
        {
          granules: lists({ ...columns, regions: all }),
          unused: lists(extents),
          ...(regions && { regions: lengths(regions.first), states: lists({ state: regions.states }) }),
          ...(owners && {
            residents: lengths(owners.first),
            owners: lists({ owner: owners.owner, regions: owners.regions }),
          }),
        },
      ];
    }),
  );

  const drainable = recording.frames.map(
    ({ phase, snapshot }) => `${phase} ${snapshot.granules.live.filter((live) => live === 0).length}`,
  );
  expect((await python(reader + example, recording)).trim().split('\n')).toEqual(drainable);
});

function lists(columns: Record<string, ArrayLike<number>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(columns).map(([name, numbers]) => [name, Array.from(numbers)]));
}

function lengths(first: Uint32Array): { length: number[] } {
  return { length: Array.from(first.subarray(1), (end, row) => end - first[row]!) };
}
