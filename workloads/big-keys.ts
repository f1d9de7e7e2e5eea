import { CommandWriter } from '../src/commands/index.js';
import { fragmentationAt } from './known.js';
import { integer } from './parameter.js';
import { stringContents } from './string-contents.js';
import { defineWorkload } from './workload.js';

const SMALL_KEYS: readonly (readonly string[])[] = [
  ['HMSET', 'hash', 'h1', 'v1', 'h2', 'v2', 'h3', 'v3'],
  ['LPUSH', 'list', 'a', 'b', 'c', 'd'],
  ['ZADD', 'zset', '0', 'a', '1', 'b', '2', 'c', '3', 'd'],
  ['SADD', 'set', 'a', 'b', 'c', 'd'],
  ['XADD', 'stream', '*', 'item', '1', 'value', 'a'],
  ['XADD', 'stream', '*', 'item', '2', 'value', 'b'],
  ['XGROUP', 'CREATE', 'stream', 'mygroup', '0'],
  ['XREADGROUP', 'GROUP', 'mygroup', 'Alice', 'COUNT', '1', 'STREAMS', 'stream', '>'],
];

/** Five keys of 10,000 elements grow at the same time. Then many strings are set, and every other one is deleted. */
export const bigKeys = defineWorkload({
  name: 'big-keys',
  summary:
    'a hash, list, sorted set, set and stream of 10,000 elements each, 500,000 strings of 150 bytes; DEL even',
  source: 'redis tests/unit/memefficiency.tcl, "Active defrag big keys"',
  shows: 'allocator_frag_ratio of at least 1.7; below 1.1 once active defragmentation has run (not modelled)',
  parameters: {
    elements: integer(10_000, 1, 10_000_000, 'elements of each of the five keys'),
    strings: integer(500_000, 1, 50_000_000, 'string keys'),
    stringBytes: integer(150, 0, 500_000_000, 'their SETRANGE offset: values are one byte longer'),
  },
  phases: [
    { name: 'containers', meaning: 'the five keys are there' },
    { name: 'strings', meaning: 'so are the strings; the slabs open now are the cohort' },
    { name: 'deleted', meaning: 'every other string is gone' },
  ],
  contents: ({ stringBytes, strings }, server) =>
    stringContents(server, `${strings - 1}`.length, stringBytes + 1),
  estimateOperations: ({ elements, strings }) => elements * 60 + strings * 22,

  *traffic({ elements, strings, stringBytes }) {
    const words = new CommandWriter();
    yield words.words('CONFIG', 'SET', 'list-max-ziplist-size', '5');
    yield words.words('CONFIG', 'SET', 'stream-node-max-entries', '5');
    for (const command of SMALL_KEYS) yield words.words(...command);
    for (let element = 0; element < elements; element++) {
      const text = `asdfasdfasdf ${element}`;
      yield words.words('HSET', 'bighash', `${element}`, text);
      yield words.words('LPUSH', 'biglist', text);
      yield words.words('ZADD', 'bigzset', `${element}`, text);
      yield words.words('SADD', 'bigset', text);
      yield words.words('XADD', 'bigstream', '*', 'item', '1', 'value', 'a');
    }
    yield { phase: 'containers' };
    for (let key = 0; key < strings; key++) yield words.words('SETRANGE', `${key}`, `${stringBytes}`, 'a');
    yield { phase: 'strings', isMark: true };
    for (let key = 0; key < strings; key += 2) yield words.words('DEL', `${key}`);
    yield { phase: 'deleted' };
  },

  known: ({ elements, strings, stringBytes }) =>
    elements === 10_000 && strings === 500_000 && stringBytes === 150
      ? [
          {
            figure: 'active/allocated before defragmentation',
            unit: 'ratio',
            stated: 'at least 1.7',
            min: 1.7,
            measure: fragmentationAt('deleted'),
          },
        ]
      : [],
});
