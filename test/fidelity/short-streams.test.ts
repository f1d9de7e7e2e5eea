/**
 * The model held to real servers after streams of some thousand commands, each of a kind of which the long ones have
 * little. Both sides run without tcaches, so that regions are those that are live.
 */
import { describe, expect, test } from 'vitest';
import { tooFar } from '#slablab/src/verify/server-comparison.js';
import { accuracyRow, writtenRow } from './accuracy.js';
import { limitsOfSeeded } from './held.js';
import { againstRecorded, modelOf, modelRun } from './model.js';
import { type Recording, recordings } from './recorded.js';
import { SHORT_STREAMS } from './streams.js';

/** A stream has 25 slabs or more, and one of each class may have been begun before it. */
const LEAST = { slabs: 10, regions: 0, usedMemory: 5 * 1024 };

describe.each(SHORT_STREAMS)('$name', async (stream) => {
  test.each(await recordings(stream.name))('$server.name', async (recorded: Recording) => {
    const { server, build } = modelOf(recorded);
    const { sinceIdle } = againstRecorded(await modelRun(stream, server, build, recorded.settleMs), recorded);
    expect(tooFar(sinceIdle, limitsOfSeeded(recorded), LEAST), JSON.stringify(sinceIdle.measures)).toEqual(
      [],
    );
    // The published table is current; `make accuracy` writes it.
    expect(await writtenRow(recorded.server.name, stream.name)).toBe(
      accuracyRow(recorded, sinceIdle.measures),
    );
  });
});
