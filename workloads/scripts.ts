import { CommandWriter } from '../src/commands/index.js';
import { fragmentationAt } from './known.js';
import { integer } from './parameter.js';
import { stringContents } from './string-contents.js';
import { defineWorkload } from './workload.js';

/** Scripts and values of the same size take turns in the same slabs; then all the values go. */
export const scripts = defineWorkload({
  name: 'scripts',
  summary: '50,000 times SCRIPT LOAD and SET of the same 416 bytes; then DEL of every key',
  source: 'redis tests/unit/memefficiency.tcl, "Active defrag eval scripts"',
  shows:
    'allocator_frag_ratio below 1.05 with all keys, above 1.4 without them; at most 1.05 once active defragmentation ' +
    "has run (not modelled). Lua's own memory is left out: bundled builds keep it in the C library's heap",
  parameters: {
    scripts: integer(50_000, 1, 1_000_000, 'scripts, and as many keys'),
    padding: integer(400, 0, 100_000, 'length of the comment that makes a script large'),
  },
  phases: [
    { name: 'loaded', meaning: 'scripts and keys are there; the slabs open now are the cohort' },
    { name: 'deleted', meaning: 'the keys are gone' },
  ],
  contents: ({ padding, scripts }, server) =>
    stringContents(server, `k${scripts - 1}`.length, scriptOf(padding, 0).length),
  estimateOperations: ({ scripts }) => scripts * 34,

  *traffic({ scripts, padding }) {
    const words = new CommandWriter();
    for (let number = 0; number < scripts; number++) {
      const script = scriptOf(padding, number);
      yield words.words('SCRIPT', 'LOAD', script);
      yield words.words('SET', `k${number}`, script);
    }
    yield { phase: 'loaded', isMark: true };
    for (let number = 0; number < scripts; number++) yield words.words('DEL', `k${number}`);
    yield { phase: 'deleted' };
  },

  known: ({ scripts, padding }) =>
    scripts === 50_000 && padding === 400
      ? [
          {
            figure: 'active/allocated with all keys',
            unit: 'ratio',
            stated: 'less than 1.05',
            max: 1.05,
            measure: fragmentationAt('loaded'),
          },
          {
            figure: 'active/allocated without them',
            unit: 'ratio',
            stated: 'more than 1.4',
            min: 1.4,
            measure: fragmentationAt('deleted'),
          },
        ]
      : [],
});

function scriptOf(padding: number, number: number): string {
  return `--${'x'.repeat(padding)}\nreturn ${`${number}`.padStart(6, '0')}`;
}
