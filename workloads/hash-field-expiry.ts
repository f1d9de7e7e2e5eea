import { CommandWriter } from '../src/commands/index.js';
import { StructKind, sdsBytes } from '../src/model/index.js';
import { fragmentationAt } from './known.js';
import { integer } from './parameter.js';
import { defineWorkload } from './workload.js';

/** Hash fields and strings of the same size take turns in the same slabs; then all the strings go. */
export const hashFieldExpiry = defineWorkload({
  name: 'hash-field-expiry',
  summary:
    '3,000 hashes of 16 fields of 400 bytes, a SET of the same after each field; then DEL of the strings',
  source: 'redis tests/unit/memefficiency.tcl (Redis 7.4 on), "Active Defrag HFE"',
  shows:
    'allocator_frag_ratio below 1.05 with the strings, above 1.35 without them. The servers modelled here have no TTL ' +
    'on hash fields: fields and strings are as published, the HEXPIRE after each field is left out',
  parameters: {
    hashes: integer(3000, 1, 1_000_000, 'hashes'),
    fields: integer(16, 1, 10_000, 'fields of each'),
    valueBytes: integer(400, 1, 1_000_000, "length of each field's value, and of each string"),
  },
  phases: [
    { name: 'filled', meaning: 'hashes and strings are there; the slabs open now are the cohort' },
    { name: 'deleted', meaning: 'the strings are gone' },
  ],
  contents: ({ valueBytes }, { sizes, strings: { sds } }) => [
    { owner: StructKind.hashValue, bytes: sdsBytes(sds, valueBytes) },
    { owner: StructKind.valueString, bytes: sdsBytes(sds, valueBytes) },
    { owner: StructKind.dictEntry, bytes: sizes.dictEntry },
  ],
  estimateOperations: ({ hashes, fields }) => hashes * fields * 32,

  *traffic({ hashes, fields, valueBytes }) {
    const words = new CommandWriter();
    yield words.words('CONFIG', 'SET', 'hash-max-listpack-value', '512');
    yield words.words('CONFIG', 'SET', 'hash-max-listpack-entries', '10');
    for (let hash = 0; hash < hashes; hash++) {
      for (let field = 0; field < fields; field++) {
        yield words.filled(valueBytes, 'HSET', `h${hash}`, `f${field}`);
        // As published, and so k1 with field 12 is k11 with field 2.
        yield words.filled(valueBytes, 'SET', `k${hash}${field}`);
      }
    }
    yield { phase: 'filled', isMark: true };
    for (let hash = 0; hash < hashes; hash++) {
      for (let field = 0; field < fields; field++) yield words.words('DEL', `k${hash}${field}`);
    }
    yield { phase: 'deleted' };
  },

  known: ({ hashes, fields, valueBytes }) =>
    hashes === 3000 && fields === 16 && valueBytes === 400
      ? [
          {
            figure: 'active/allocated with the strings',
            unit: 'ratio',
            stated: 'less than 1.05',
            max: 1.05,
            measure: fragmentationAt('filled'),
          },
          {
            figure: 'active/allocated without them',
            unit: 'ratio',
            stated: 'more than 1.35',
            min: 1.35,
            measure: fragmentationAt('deleted'),
          },
        ]
      : [],
});
