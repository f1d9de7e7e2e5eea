import { CommandWriter } from '../src/commands/index.js';
import { StructKind, sdsBytes } from '../src/model/index.js';
import type { KnownFigure } from './known.js';
import { integer } from './parameter.js';
import { defineWorkload } from './workload.js';

/** Default limits: one listpack up to 512 fields, and up to 64 bytes a value. */
const MAX_VALUE = 64;

/** Shows the cost of a hash beyond the limits of its listpack. */
export const encodingCliff = defineWorkload({
  name: 'encoding-cliff',
  summary: 'hashes grow from 500 to 520 fields; then a value of other hashes from 64 to 65 bytes',
  source: 't_hash.c: hashTypeTryConversion, hash-max-listpack-entries 512, hash-max-listpack-value 64',
  shows: 'each crossing replaces one listpack by about 2 * n small regions, n being the fields',
  parameters: {
    hashes: integer(200, 1, 100_000, 'hashes, in each of the two parts'),
    fields: integer(500, 2, 512, 'fields before the first crossing'),
    more: integer(20, 13, 10_000, 'fields that come on top'),
    valueBytes: integer(10, 1, MAX_VALUE, 'length of each value'),
    wideFields: integer(100, 1, 512, 'fields of the hashes of which one value becomes too long'),
  },
  phases: [
    { name: 'below-entries', meaning: 'each hash is one listpack' },
    { name: 'above-entries', meaning: 'each has crossed 512 fields' },
    { name: 'below-value', meaning: 'as many hashes again are there, each one listpack' },
    { name: 'above-value', meaning: 'each of these has one value of 65 bytes' },
  ],
  contents: ({ valueBytes }, { sizes, strings: { sds } }) => [
    { owner: StructKind.hashValue, bytes: sdsBytes(sds, valueBytes) },
    { owner: StructKind.hashField, bytes: sdsBytes(sds, 'field:500'.length) },
    { owner: StructKind.dictEntry, bytes: sizes.dictEntry },
  ],
  estimateOperations: ({ hashes, fields, more, wideFields }) =>
    hashes * ((fields + more + wideFields) * 10 + fields * 3 + wideFields * 3),

  *traffic({ hashes, fields, more, valueBytes, wideFields }) {
    const words = new CommandWriter();
    for (let hash = 0; hash < hashes; hash++) {
      for (let field = 0; field < fields; field++) {
        yield words.filled(valueBytes, 'HSET', `grows:${hash}`, `field:${field}`);
      }
    }
    yield { phase: 'below-entries' };
    for (let hash = 0; hash < hashes; hash++) {
      for (let field = fields; field < fields + more; field++) {
        yield words.filled(valueBytes, 'HSET', `grows:${hash}`, `field:${field}`);
      }
    }
    yield { phase: 'above-entries', isMark: true };
    for (let hash = 0; hash < hashes; hash++) {
      for (let field = 0; field < wideFields; field++) {
        yield words.filled(valueBytes, 'HSET', `widens:${hash}`, `field:${field}`);
      }
    }
    yield { phase: 'below-value' };
    for (let hash = 0; hash < hashes; hash++) {
      yield words.filled(MAX_VALUE + 1, 'HSET', `widens:${hash}`, 'field:0');
    }
    yield { phase: 'above-value' };
  },

  known: ({ hashes, fields, more, wideFields }) => [
    crossing(
      'regions per field after crossing 512 fields',
      'below-entries',
      'above-entries',
      hashes * (fields + more),
    ),
    crossing(
      'regions per field after a value crossed 64 bytes',
      'below-value',
      'above-value',
      hashes * wideFields,
    ),
  ],
});

function crossing(figure: string, from: string, to: string, fields: number): KnownFigure {
  return {
    figure,
    unit: 'ratio',
    stated: 'about 2, a string for each field and each value',
    min: 1.9,
    max: 2.1,
    measure: (at) => {
      const before = at(from);
      const after = at(to);
      return before && after && (after.drainprof.live - before.drainprof.live) / fields;
    },
    explanation:
      'The strings are two; a dict entry of 24 bytes for each field makes it three (slablab verify encoding-cliff: ' +
      'redis 7.0.15 and 7.2.6 have the same regions within 0.05% after each crossing).',
  };
}
