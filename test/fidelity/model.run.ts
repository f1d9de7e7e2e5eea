/**
 * Prints how far the model is from every recorded figure, without judging:
 *
 *   npx vitest run --config test/fidelity/record.config.ts test/fidelity/model.run.ts
 *
 * SLABLAB_STREAMS=mix,hashes and SLABLAB_SERVERS=redis-8.6.3 take only these; with SLABLAB_CLASSES=1 the classes that
 * differ are printed as well.
 */
import { test } from 'vitest';
import type { Comparison, Measures } from '#slablab/src/verify/server-comparison.js';
import { againstRecorded, modelOf, modelRun } from './model.js';
import { recordings } from './recorded.js';
import { ALL_STREAMS, findStream } from './streams.js';

const { SLABLAB_STREAMS: only, SLABLAB_SERVERS: servers, SLABLAB_CLASSES: showClasses } = process.env;
const wanted = only === undefined ? ALL_STREAMS : only.split(',').map(findStream);

test.each(wanted)('$name', async (stream) => {
  for (const recording of await recordings(stream.name)) {
    if (servers !== undefined && !servers.split(',').includes(recording.server.name)) continue;
    const { server, build } = modelOf(recording);
    const model = await modelRun(stream, server, build, recording.settleMs);
    const { sinceIdle, absolute } = againstRecorded(model, recording);
    const unknown = [...model.unknown].map(([name, count]) => `${name} ${count}`).join(', ');
    console.log(
      [
        recording.server.name.padEnd(13),
        stream.name.padEnd(24),
        `since idle ${percents(sinceIdle.measures)}`,
        `absolute ${percents(absolute.measures)}`,
        `two servers ${percents(recording.runToRun.sinceIdle)}`,
        unknown === '' ? '' : `unknown: ${unknown}`,
        ...(showClasses === undefined ? [] : classesOf(sinceIdle)),
      ].join('  '),
    );
  }
});

function percents({ slabs, regions, usedMemory }: Measures): string {
  return [slabs, regions, usedMemory].map((share) => `${(share * 100).toFixed(2)}%`.padStart(8)).join('');
}

function classesOf({ classes, large }: Comparison): string[] {
  return [
    ...classes
      .filter(({ regions, slabs }) => regions.lab !== regions.server || slabs.lab !== slabs.server)
      .map(({ size, regions, slabs }) => {
        return `\n    ${size}: regions ${regions.lab} / ${regions.server}, slabs ${slabs.lab} / ${slabs.server}`;
      }),
    ...large
      .filter(({ count }) => count.lab !== count.server)
      .map(({ size, count }) => `\n    large ${size}: ${count.lab} / ${count.server}`),
  ];
}
