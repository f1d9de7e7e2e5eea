/** Figures of INFO in forms that have them neither as `name:value` nor as rows: the same answer, or a refusal. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Explanation, explain } from '#slablab/src/analysis/index.js';
import { recordedInfo } from '../recorded.js';

type Pair = readonly [name: string, value: string];

const info = (await recordedInfo('fragmented-redis-7.2.6')).replaceAll('\r', '');
const pairsOf = (text: string): Pair[] =>
  [...text.matchAll(/^(\w+):(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
const ALL = pairsOf(info);
const MEMORY = pairsOf(info.slice(info.indexOf('# Memory'), info.indexOf('# Persistence')));

const isNumber = (value: string) => /^-?\d+(?:\.\d+)?$/.test(value);
const isWhole = (value: string) => /^\d+$/.test(value);
const each = (form: (name: string, value: string, index: number) => string, separator = '\n') =>
  MEMORY.map(([name, value], index) => form(name, value, index)).join(separator);
const numbers = MEMORY.filter(([, value]) => isNumber(value));
const literal = (value: string) => (isNumber(value) ? value : `"${value}"`);
const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string) => camel(`_${name}`);
const grouped = (value: string) => (isWhole(value) ? value.replaceAll(/\B(?=(?:\d{3})+$)/g, ',') : value);
const wrapped = (text: string) => text.replaceAll(/(.{80})/g, '$1\n');

const EXPORTED: readonly Pair[] = [
  ['memory_used_bytes', 'used_memory'],
  ['memory_used_rss_bytes', 'used_memory_rss'],
  ['allocator_allocated_bytes', 'allocator_allocated'],
  ['allocator_active_bytes', 'allocator_active'],
  ['allocator_resident_bytes', 'allocator_resident'],
];
const figure = (wanted: string) => MEMORY.find(([name]) => name === wanted)?.[1] ?? '';

const FORMS: Readonly<Record<string, string>> = {
  'columns of CSV': `${each((name) => name, ',')}\n${each((_, value) => value, ',')}\n`,
  'columns of CSV, quoted, after the time': `"Time",${each((name) => `"${name}"`, ',')}\n"2025-01-01 10:00:00",${each((_, value) => `"${value}"`, ',')}\n`,
  'columns of tabs': `${each((name) => name, '\t')}\n${each((_, value) => value, '\t')}\n`,
  'columns of Markdown': `| ${each((name) => name, ' | ')} |\n|${each(() => '---', '|')}|\n| ${each((_, value) => value, ' | ')} |\n`,
  'columns of HTML': `<table><tr>${each((name) => `<th>${name}</th>`, '')}</tr><tr>${each((_, value) => `<td>${value}</td>`, '')}</tr></table>`,
  'section, name, value': `section,key,value\n${each((name, value) => `Memory,${name},${value}`)}\n`,
  'row, name, value': `| # | Field | Value |\n|---|---|---|\n${each((name, value, index) => `| ${index} | ${name} | ${value} |`)}\n`,
  'data frame': each((name, value, index) => `${index}  ${name.padStart(36)}  ${value.padStart(22)}`),
  'fields of XML': `<info>\n${each((name, value) => `<${name}>${value}</${name}>`)}\n</info>`,
  'attributes of XML': each((name, value) => `<field name="${name}" value="${value}"/>`),
  'rows with heads of HTML': each(
    (name, value) => `<tr><th scope="row">${name}</th>\n<td class="num">${grouped(value)}</td></tr>`,
  ),
  'definitions of HTML': `<dl>${each((name, value) => `<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
  LaTeX: each((name, value) => `\\texttt{${name.replaceAll('_', '\\_')}} & ${value} \\\\`),
  'Markdown with escapes': each((name, value) => `${name.replaceAll('_', '\\_')}:${value}`),
  'names whose underscores Markdown took': each((name, value) => `${name.replaceAll('_', '')}:${value}`),
  'names with blanks': each((name, value) => `${name.replaceAll('_', ' ')}: ${value}`),
  'names with dashes': each((name, value) => `:${name.replaceAll('_', '-')} "${value}"`, ', '),
  'objects of JSON': JSON.stringify(MEMORY.map(([name, value]) => ({ name, value }))),
  'lines of JSON': each((field, value) => JSON.stringify({ field, value })),
  'names of JavaScript': JSON.stringify(
    Object.fromEntries(MEMORY.map(([name, value]) => [camel(name), value])),
  ),
  'a section of JSON': JSON.stringify({ Memory: Object.fromEntries(MEMORY) }),
  'a section of Python': `{'memory': {${each((name, value) => `'${name}': ${literal(value)}`, ', ')}}}`,
  'ordered dictionary': `OrderedDict([${each((name, value) => `('${name}', ${literal(value)})`, ', ')}])`,
  'list of YAML': each((name, value) => `- name: ${name}\n  value: ${value}`),
  record: `RedisInfo[${each((name, value) => `${camel(name)}=${value}`, ', ')}]`,
  'struct of Go': `{${each((name, value) => `${pascal(name)}:${value}`, ' ')}}`,
  'dump of Go': each(
    (name, value) => ` (string) (len=${name.length}) "${name}": (string) (len=${value.length}) "${value}",`,
  ),
  'dump of PHP': `array(9) {\n${each((name, value) => `  ["${name}"]=>\n  ${isWhole(value) ? `int(${value})` : `string(${value.length}) "${value}"`}`)}\n}\n`,
  'terms of Erlang': `[${each((name, value) => `{<<"${name}">>,<<"${value}">>}`, ',\n ')}]`,
  'debug of Rust': `InfoDict { map: {${each((name, value) => `"${name}": bulk-string('"${value}"')`, ', ')}} }`,
  'symbols of Ruby': `{${each((name, value) => `:${name}=>${literal(value)}`, ', ')}}`,
  'keywords of Clojure': `{${each((name, value) => `:${name} "${value}"`, ', ')}}`,
  'entries of C#': each((name, value) => `{ Key = ${name}, Value = ${value} }`),
  'pairs of C#': each((name, value) => `[${name}, ${value}]`, ', '),
  'strings of JavaScript': each((name, value) => `  '${name}:${value}\\r\\n' +`),
  arrows: each((name, value) => `${name} -> ${value}`),
  'variables of a shell': each((name, value) => `export ${name.toUpperCase()}="${value}"`),
  'ends that cat shows': each((name, value) => `${name}:${value}^M$`),
  'a screen of 80 columns': each((name, value) => `${`${name}:${value}`.padEnd(80)}│`),
  'line of InfluxDB': `redis,host=h ${each((name, value) => `${name}=${isWhole(value) ? `${value}i` : literal(value)}`, ',')} 1700000000000000000`,
  'JSON of Telegraf': JSON.stringify({
    fields: Object.fromEntries(
      MEMORY.map(([name, value]) => [name, isNumber(value) ? Number(value) : value]),
    ),
    name: 'redis',
    timestamp: 1700000000,
  }),
  statsd: each((name, value) => `redis.${name}:${value}|g`),
  Graphite: each((name, value) => `servers.db1.redis.${name} ${value} 1700000000`),
  'items of Zabbix': each((name, value) => `redis-1 redis["Memory","${name}"] ${value}`),
  OpenTelemetry: each(
    (name, value) =>
      `Metric #1\n     -> Name: redis.${name}\n     -> DataType: Gauge\nNumberDataPoints #0\nValue: ${value}`,
  ),
  'series of Datadog': JSON.stringify({
    series: numbers.map(([name, value]) => ({
      metric: `redis.mem.${name}`,
      points: [[1700000000, Number(value)]],
      tags: ['host:x'],
    })),
  }),
  'API of Prometheus': JSON.stringify({
    data: EXPORTED.map(([metric, name]) => ({
      metric: { __name__: `redis_${metric}`, instance: 'a' },
      value: [1700000000, figure(name)],
    })),
  }),
  'exporter of Prometheus': EXPORTED.map(
    ([metric, name]) =>
      `# HELP redis_${metric} ${metric} metric\n# TYPE redis_${metric} gauge\n` +
      `redis_${metric}{addr="redis://10.0.0.1:6379"} ${Number(figure(name)).toExponential()}\n`,
  ).join(''),
  'quoted-printable': `${each((name, value) => `${name}:${value}`, '=0D=0A=\n')}=0D=0A`,
  'part of a URL': encodeURIComponent(info),
  base64: Buffer.from(info)
    .toString('base64')
    .replaceAll(/(.{76})/g, '$1\n'),
  'one line, wrapped': wrapped(each((name, value) => `${name}:${value}`, ' ')),
  'a dictionary, wrapped': wrapped(
    `{${ALL.map(([name, value]) => `'${name}': ${literal(value)}`).join(', ')}}`,
  ),
};

function explained(text: string): Explanation {
  return explain([{ name: 'paste', text }]);
}

/** The split, and not what a form leaves out beside it. */
function splitOf({ rss, parts }: Explanation) {
  return { rss, parts: parts.map(({ name, bytes }) => [name, bytes]).sort() };
}

test.each(Object.entries(FORMS))('%s', (_, text) => {
  expect(splitOf(explained(text))).toEqual(splitOf(explained(info)));
});

describe('MEMORY STATS by its names alone', () => {
  const text = readFileSync(new URL('../pastes/f13-memory-stats.txt', import.meta.url), 'utf8');
  const pairs = [...text.matchAll(/"([a-z][\w.-]*)"\n\s*\d+\) (?:\(integer\) (\d+)|"([\d.]+)")/g)].map(
    ([, name = '', integer, double]) => [name, integer ?? double ?? ''] as const,
  );

  test.each([
    ['Rust', `{${pairs.map(([name, value]) => `"${name}": int(${value})`).join(', ')}}`],
    [
      'PHP',
      pairs
        .map(([name, value]) => `[0]=>\n string(${name.length}) "${name}"\n [1]=>\n int(${value})`)
        .join('\n'),
    ],
  ])('%s', (_, form) => {
    expect(splitOf(explained(form))).toEqual(splitOf(explained(text)));
  });
});

test('of the output of diff the younger text is read, and that there are two is told', () => {
  const changed = info
    .split('\n')
    .map((line) =>
      /^used_memory(?:_rss)?:/.test(line) ? `-${line.replace(/:.*/, ':1')}\n+${line}` : ` ${line}`,
    );
  const { notes, ...rest } = explained(`--- a\n+++ b\n@@ -1 +1 @@\n${changed.join('\n')}`);
  expect(splitOf({ ...rest, notes })).toEqual(splitOf(explained(info)));
  expect(notes).toContainEqual(expect.objectContaining({ kind: 'several', what: 'INFO', count: 2 }));
});

test('of rows of one table the last is read, and that there are several is told', () => {
  const explanation = explained(
    'time,used_memory,used_memory_rss\n1,31353800,118239232\n2,41353800,128239232\n',
  );
  expect(explanation.rss).toBe(128_239_232);
  expect(explanation.notes).toContainEqual({
    kind: 'several',
    what: 'INFO',
    count: 2,
    place: 'paste, line 3',
  });
});

describe('what cannot be told for sure is no figure', () => {
  test.each([
    ['values before names', ALL.map(([name, value]) => `${value} ${name}`).join('\n')],
    ['values before names, in one line', ALL.map(([name, value]) => `${value} ${name}`).join(' ')],
    ['names, then values', [...ALL.map(([name]) => name), ...ALL.map(([, value]) => value)].join('\n')],
    [
      'a row with fewer cells than its head',
      'used_memory,used_memory_rss,mem_allocator\n31353800,118239232\n',
    ],
  ])('%s', (_, text) => {
    expect(() => explained(text)).toThrow('give all that `redis-cli INFO memory` prints');
  });

  test('lines that a narrow screen cropped', () => {
    const text = info.replaceAll(/^(.{24}).*$/gm, '$1');
    const { rss, used, notes } = explained(text);
    expect({ rss, used }).toEqual({ rss: null, used: 31_353_800 });
    expect(notes).toContainEqual({ kind: 'unreadable', field: 'used_memory_rss', value: '11823923…' });
  });

  test.each(['11823923', '99999999999999999999999999'])('an RSS of %s, where INFO says 112.76M', (value) => {
    const { rss } = explained(info.replace(/^used_memory_rss:.*$/m, `used_memory_rss:${value}`));
    expect(rss).toBe(118_237_430);
  });

  test.each(['7.0,15', '7', '7.', '7 .2.6', 'l7.2.6', '7..2', ''])('the version %s', (value) => {
    const explanation = explained(info.replace(/^redis_version:.*$/m, `redis_version:${value}`));
    expect(explanation.server).toMatchObject({ product: 'redis', version: null });
    expect(explanation.notes).toContainEqual({ kind: 'unreadable', field: 'redis_version', value });
    expect(JSON.stringify(explanation.parts)).not.toContain('--server');
  });

  test.each([
    ['(error) NOAUTH Authentication required.', 'an error in place of an answer'],
    ['Could not connect to Redis at 127.0.0.1:6379: Connection refused', 'an error in place of an answer'],
    [
      'keys       mem      clients blocked requests\n49738      92.11M   1       0',
      'what redis-cli counts of keys',
    ],
    [`[00.00%] Biggest string found so far '"k:1"' with 100 bytes`, 'what redis-cli counts of keys'],
    [gzipSync(info).toString('base64'), 'base64 of a gzip file'],
  ])('%s', (text, message) => {
    expect(() => explained(text)).toThrow(`line 1: \`${text.split('\n')[0]!.slice(0, 60)}\`: ${message}`);
  });
});
