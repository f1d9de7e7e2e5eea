/**
 * Prints how a real server's calls to its allocator differ from the model's on the same stream, request by request:
 *
 *   SLABLAB_RECORD_BIN=redis-server npx vitest run --config test/fidelity/record.config.ts test/fidelity/operations.run.ts
 *
 * SLABLAB_RECORD_STREAMS=mix,hashes takes only these, SLABLAB_COMMANDS=20000 the first of their commands.
 * SLABLAB_SHOWN=8 shows the first difference of so many commands, and SLABLAB_LANES=1 compares arguments by themselves.
 * A script that starts a server by a loader of its own is given the library to preload in PRELOAD.
 */
import { test } from 'vitest';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { besideServer } from './operations/beside-server.js';
import { findStream, STREAMS, type Step } from './streams.js';

const {
  SLABLAB_RECORD_BIN: path = 'redis-server',
  SLABLAB_RECORD_STREAMS: only,
  SLABLAB_COMMANDS: commands = 'Infinity',
  SLABLAB_SHOWN: shown = '0',
  SLABLAB_LANES: byLanes,
} = process.env;

const wanted = only === undefined ? STREAMS : only.split(',').map(findStream);

function* begin(steps: Iterable<Step>): Generator<Step> {
  let left = Number(commands);
  for (const step of steps) {
    if (left-- <= 0) return;
    yield step;
  }
}

test.each(wanted)('$name', async (stream) => {
  const beside = await besideServer(
    { ...stream, steps: () => begin(stream.steps()) },
    await inspectBinary(path),
  );
  console.log(beside.lines(Number(shown), byLanes !== undefined).join('\n'));
});
