/** What programs other than servers print about jemalloc, in the forms and with the damage that pastes have. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Explanation, explain } from '#slablab/src/analysis/index.js';

const explained = (text: string) => explain([{ name: 'paste', text }]);
const recorded = (file: string) =>
  readFileSync(new URL(`../programs/${file}`, import.meta.url), 'utf8').trimEnd();
const partsOf = ({ parts }: Explanation) =>
  Object.fromEntries(parts.map(({ name, bytes }) => [name, bytes] as const));
const kindsOf = ({ notes }: Explanation) =>
  notes.map(({ kind }) => kind).filter((kind) => kind !== 'no-rss' && kind !== 'left-out');

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

describe('totals: 12 GiB allocated, 13 active, 25 resident', () => {
  const SIZES = { allocated: 12 * GIB, active: 13 * GIB, resident: 25 * GIB } as const;
  const each = (line: (name: string, bytes: number) => string) =>
    Object.entries(SIZES)
      .map(([name, bytes]) => line(name, bytes))
      .join('\n');
  test.each([
    ['a label', each((name, bytes) => `tikv_allocator_stats{type="${name}"} ${bytes}`)],
    ['metrics', each((name, bytes) => `ClickHouseAsyncMetrics_jemalloc_${name} ${bytes}`)],
    ['mallctl', each((name, bytes) => `stats.${name}: ${bytes}`)],
    ['a debugger', `$1 = {${each((name, bytes) => `${name} = ${bytes},`)}}`],
    ['lines of JSON', each((name, bytes) => `{"name":"jemalloc_${name}_bytes","value":${bytes}}`)],
    ['a drawn table', each((name, bytes) => `│ jemalloc.${name} │ ${(bytes / GIB).toFixed(2)} GiB │`)],
    ['records', each((name, bytes) => `metric: jemalloc.${name}\nvalue:  ${bytes}\n`)],
    ['records of MySQL', each((name, bytes) => ` Variable_Name: jemalloc_${name}\nVariable_Value: ${bytes}`)],
    [
      'a unit in the head',
      `| Variable_Name | Value_MiB |\n${each((name, bytes) => `| jemalloc_${name} | ${(bytes / MIB).toLocaleString('en')}.00 |`)}`,
    ],
    [
      'a head that divides',
      `Variable_Name\tVariable_Value/1024/1024\n${each((name, bytes) => `jemalloc_${name}\t${bytes / MIB}`)}`,
    ],
    ['a unit in the name', each((name, bytes) => `heap_${name}_kbytes=${bytes / 1024};`)],
    ['the unit before the name', each((name, bytes) => `${bytes} bytes ${name}`)],
    [
      'a sentence with the units before the names',
      `jemalloc: ${each((name, bytes) => `${bytes / GIB} GiB ${name}`).replaceAll('\n', ', ')}`,
    ],
    [
      "an answer of Prometheus's API",
      `{"status":"success","data":{"resultType":"vector","result":[${each((name, bytes) => `{"metric":{"__name__":"tikv_allocator_stats","job":"a","type":"${name}"},"value":[1764500000.1,"${bytes}"]}`).replaceAll('\n', ',')}]}}`,
    ],
    [
      "a range of Prometheus's API, on many lines",
      `{"data": {"result": [${each((name, bytes) => `{\n"metric": {\n"__name__": "Metrics_jemalloc_${name}"\n},\n"values": [\n[\n1764500000,\n"${bytes}"\n]\n]\n}`).replaceAll('}\n{', '},\n{')}]}}`,
    ],
    [
      'an export of VictoriaMetrics',
      each(
        (name, bytes) =>
          `{"metric":{"__name__":"jemalloc_${name}","job":"a"},"values":[${bytes}],"timestamps":[1764500000000]}`,
      ),
    ],
    ['promtool', each((name, bytes) => `x_jemalloc_${name}{job="a"} => ${bytes} @[1764500000.1]`)],
    [
      'the line protocol of InfluxDB',
      `jemalloc,host=a ${each((name, bytes) => `${name}=${bytes}i`).replaceAll('\n', ',')} 1764500000000000000`,
    ],
    [
      'a table with a column for each',
      `"Time","jemalloc_${Object.keys(SIZES).join('","jemalloc_')}"\n2026-11-30 10:00:00,${Object.values(SIZES).join(',')}`,
    ],
    ['words between', each((name, bytes) => `${name} bytes: ${bytes.toLocaleString('en')}`)],
    [
      'totals after those of arenas',
      `{"arenas":[{"allocated":1000,"active":4096}],${each((name, bytes) => `"${name}":${bytes}`).replaceAll('\n', ',')}}`,
    ],
  ])('%s', (_, text) => {
    const explanation = explained(text);
    expect(explanation).toMatchObject({ of: 'resident', total: 25 * GIB, act: 'dirty-or-metadata' });
    expect(partsOf(explanation)).toEqual({
      live: 12 * GIB,
      holes: GIB,
      'dirty-or-metadata': 12 * GIB,
    });
  });

  test('without the active bytes the rest is to be measured', () => {
    const explanation = explained(`${12 * GIB} bytes allocated/${25 * GIB} bytes resident`);
    expect(explanation.parts.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['rest', 'measure'],
      ['live', 'in-use'],
    ]);
    expect(explanation.notes).toContainEqual({ kind: 'missing', fields: ['active'] });
  });

  test('dirty pages, as bytes or as a count', () => {
    const metrics = each((name, bytes) => `jemalloc_${name} ${bytes}`);
    const counts = `jemalloc_arenas_all_pactive ${(13 * GIB) / 65_536}\njemalloc_arenas_all_pdirty 1000`;
    expect(partsOf(explained(`${metrics}\n${counts}`)).dirty).toBe(1000 * 65_536);
    const labels = each((name, bytes) => `x_allocator_stats{type="${name}"} ${bytes}`);
    expect(partsOf(explained(`${labels}\nx_allocator_stats{type="dirty"} ${GIB}`)).dirty).toBe(GIB);
  });

  test('of two times: the first is read, and it is said', () => {
    const metrics = each((name, bytes) => `jemalloc.${name}\t${bytes}\t10:00`);
    const explanation = explained(
      `${metrics}\n${metrics.replaceAll('10:00', '11:00').replaceAll('\t2', '\t9')}`,
    );
    expect(explanation.total).toBe(25 * GIB);
    expect(explanation.notes).toContainEqual(expect.objectContaining({ kind: 'several', count: 2 }));
  });
});

describe("ClickHouse's tables of size classes", () => {
  const CLASSES = [
    {
      index: 0,
      large: 0,
      size: 8,
      allocations: 1000,
      deallocations: 500,
      nregs: 512,
      curslabs: 3,
      curregs: 500,
    },
    {
      index: 1,
      large: 0,
      size: 48,
      allocations: 90,
      deallocations: 10,
      nregs: 256,
      curslabs: 1,
      curregs: 80,
    },
    {
      index: 50,
      large: 1,
      size: 65_536,
      allocations: 12,
      deallocations: 2,
      nregs: 0,
      curslabs: 0,
      curregs: 0,
    },
  ];
  const names = Object.keys(CLASSES[0]!);
  const LIVE = 500 * 8 + 80 * 48 + 10 * 65_536;
  test.each([
    [
      'drawn',
      `┌─${names.join('─┬─')}─┐\n${CLASSES.map((row) => `│ ${Object.values(row).join(' │ ')} │`).join('\n')}`,
    ],
    ['comma-separated', [names, ...CLASSES.map(Object.values)].map((row) => row.join(',')).join('\n')],
    ['lines of JSON', CLASSES.map((row) => JSON.stringify(row)).join('\n')],
    [
      'records',
      CLASSES.map((row) => names.map((name) => `${name}: ${row[name as 'size']}`).join('\n')).join('\n\n'),
    ],
    [
      'lines of JSON with the names in the first',
      [names, names.map(() => 'UInt64'), ...CLASSES.map(Object.values)]
        .map((row) => JSON.stringify(row))
        .join('\n'),
    ],
    [
      'one document of JSON: JSONCompact',
      JSON.stringify(
        { meta: names.map((name) => ({ name })), data: CLASSES.map(Object.values), rows: 3 },
        null,
        '\t',
      ),
    ],
    [
      'one document of JSON: JSONColumns',
      JSON.stringify(
        Object.fromEntries(names.map((name) => [name, CLASSES.map((row) => row[name as 'size'])])),
        null,
        '\t',
      ),
    ],
    [
      'one document of JSON: JSONColumnsWithMetadata',
      JSON.stringify(
        {
          meta: names.map((name) => ({ name })),
          data: Object.fromEntries(names.map((name) => [name, CLASSES.map((row) => row[name as 'size'])])),
        },
        null,
        '\t',
      ),
    ],
    [
      'TSKV',
      CLASSES.map((row) => names.map((name) => `${name}=${row[name as 'size']}`).join('\t')).join('\n'),
    ],
    [
      'a statement of SQL',
      `INSERT INTO x (${names.join(', ')}) VALUES ${CLASSES.map((row) => `(${Object.values(row).join(', ')})`).join(', ')};`,
    ],
    [
      'XML',
      CLASSES.map(
        (row) =>
          `<row>\n${names.map((name) => `<${name}>${row[name as 'size']}</${name}>`).join('\n')}\n</row>`,
      ).join('\n'),
    ],
    [
      'Markdown',
      `|${names.join('|')}|\n|${names.map(() => '-:').join('|')}|\n${CLASSES.map((row) => `|${Object.values(row).join('|')}|`).join('\n')}`,
    ],
  ])('%s: holes by class', (_, text) => {
    const explanation = explained(text);
    const holes = (3 * 512 - 500) * 8 + (256 - 80) * 48;
    expect(explanation).toMatchObject({ of: 'active', total: LIVE + holes });
    expect(partsOf(explanation)).toEqual({ live: LIVE, holes });
    expect(explanation.classes?.map(({ size, slabs }) => [size, slabs])).toEqual([
      [48, 1],
      [8, 3],
    ]);
  });

  test('a row for each arena: their sum', () => {
    const rows = CLASSES.map((row) => Object.values(row).join('\t'));
    const one = explained([names.join('\t'), ...rows].join('\n'));
    const head = ['arena', 'purpose', ...names].join('\t');
    const both = [0, 1].flatMap((arena) => rows.map((row) => `${arena}\t\t${row}`));
    expect(explained([head, ...both].join('\n')).total).toBe(2 * one.total);
  });

  test.each([
    [
      'drawn',
      [names, ...CLASSES.map(Object.values)].map((row) => `│ ${row.join(' │ ')} │`).join('\n'),
      '│ 50',
    ],
    [
      'records',
      CLASSES.map((row) => names.map((name) => `${name}: ${row[name as 'size']}`).join('\n')).join('\n\n'),
      '50 1',
    ],
    ['lines of JSON', CLASSES.map((row) => JSON.stringify(row)).join('\n'), '50 1'],
  ])('%s, cut within a row: the row is left out, and it is said', (_, text, first) => {
    const explanation = explained(text.slice(0, text.lastIndexOf('65536') - 'size: '.length));
    expect(explanation.parts.find(({ name }) => name === 'live')?.bytes).toBe(500 * 8 + 80 * 48);
    expect(explanation.notes).toContainEqual(expect.objectContaining({ kind: 'left-out', first }));
  });

  test.each([
    ['10\t0\t192\t231633\t111383\n3\t0\t48\t9565934\t9257887'],
    ['(10,0,192,231633,111383),(3,0,48,9565934,9257887)'],
    ['[[10, 3, 28], [0, 0, 1], [192, 48, 64]]'],
    ['index\tsize\tbytes\n10\t192\t23088000'],
  ])('without the names of the columns: which are needed, and how they are had (%j)', (text) => {
    expect(() => explained(text)).toThrow(
      /^paste, line \d: .*no row above it names columns `size`, `allocations` and `deallocations`.*FORMAT TSVWithNames/,
    );
  });

  test('sizes as text', () => {
    const text = '┌─large─┬─formatReadableSize(size)─┬─nmalloc─┬─ndalloc─┐\n│ 1 │ 48.00 MiB │ 3 │ 1 │\n';
    expect(explained(text)).toMatchObject({ of: 'allocated', total: 96 * MIB, classes: null });
  });
});

describe('statistics of jemalloc that a paste damaged', () => {
  const text = recorded('jq-5.3.0.txt');
  const json = recorded('jq-5.3.0-json.txt');
  const whole = JSON.stringify(JSON.parse(json));
  const inLog = (message: string) => JSON.stringify({ log: message, stream: 'stderr' });
  const asPython = (value: unknown): string => {
    if (typeof value === 'string') return `'${value}'`;
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    if (Array.isArray(value)) return `[${value.map(asPython).join(', ')}]`;
    if (typeof value !== 'object' || value === null) return value === null ? 'None' : `${value}`;
    return `{${Object.entries(value)
      .map(([name, each]) => `'${name}': ${asPython(each)}`)
      .join(', ')}}`;
  };
  test.each([
    ['JSON that breaks off after its last table', json.slice(0, json.lastIndexOf('"hpa_shard"'))],
    ['JSON within its only key', JSON.stringify(JSON.parse(json).jemalloc, null, 2)],
    ['JSON in the lines of a log', `${inLog(whole.slice(0, 16_384))}\n${inLog(`${whole.slice(16_384)}\n`)}`],
    ['JSON as a string', JSON.stringify(whole)],
    ['a dictionary of Python', `can't\n${asPython(JSON.parse(json))}`],
    ['a hash of Ruby', whole.replaceAll('":', '"=>').replaceAll(/\bnull\b/g, 'nil')],
    [
      'JSON after a prefix on each line',
      JSON.stringify(JSON.parse(json), null, 1)
        .split('\n')
        .map((line, index) => `2025-08-23T02:45:${String(index % 60).padStart(2, '0')}Z stderr F ${line}`)
        .join('\n'),
    ],
    [
      'separators of thousands',
      text.replaceAll(/(?<![\w.])\d{4,}/g, (digits) => Number(digits).toLocaleString('en')),
    ],
    [
      'dots between thousands',
      text.replaceAll(/(?<![\w.])\d{4,}/g, (digits) => Number(digits).toLocaleString('de')),
    ],
    ['a prefix of Rust', text.replaceAll(/^/gm, '2026-11-30T10:00:00.123Z  INFO service::mem: ')],
    ['a line of the program after the totals', text.replace(/^Allocated: .*$/m, '$&\n[debug] took 12ms')],
    [
      'lines of the program in the tables',
      text.replaceAll(/^ +(?:64|20480) .*$/gm, 'total: 5 active requests\n$&'),
    ],
  ])('makes no difference: %s', (_, damaged) => {
    const explanation = explained(damaged);
    expect(kindsOf(explanation)).toEqual([]);
    expect(partsOf(explanation)).toEqual(partsOf(explained(text)));
    expect(explanation.classes).toEqual(explained(text).classes);
  });

  test('JSON that breaks off before the tables: its totals, and where', () => {
    const explanation = explained(json.slice(0, json.indexOf('"stats.arenas"')));
    expect(explanation.total).toBe(explained(text).total);
    expect(explanation.notes).toContainEqual(
      expect.objectContaining({
        kind: 'stats-damaged',
        why: expect.stringContaining('their JSON breaks off'),
      }),
    );
  });

  test('a total that was cut is none', () => {
    const resident = text.indexOf('resident: ') + 'resident: '.length;
    const width = resident + 2 - (text.lastIndexOf('\n', resident) + 1);
    const explanation = explained(text.replaceAll(new RegExp(`^(.{${width}}).+$`, 'gm'), '$1'));
    expect(explanation.of).toBe('active');
    expect(explanation.notes).toContainEqual(
      expect.objectContaining({
        why: expect.stringMatching(/fewer resident bytes \(\d\d\) than active ones/),
      }),
    );
  });

  test.each(['sqlite3-5.2.1-json', 'sqlite3-5.3.1'])('what %s printed is whole', (file) => {
    expect(kindsOf(explained(recorded(`${file}.txt`)))).toEqual([]);
  });

  test('arenas without their sum: which', () => {
    const bins = recorded('sqlite3-5.3.1.txt');
    const tables = bins.slice(bins.indexOf('bins:'), bins.indexOf('--- End'));
    const explanation = explained(`arenas[3]:\n${tables}`);
    expect(explanation.of).toBe('slabs');
    expect(explanation.notes).toContainEqual({ kind: 'arenas', arenas: [3] });
  });

  /** Figures of no real program, in the form that jemalloc 3.6 prints. */
  test('jemalloc 3', () => {
    const explanation = explained(`___ Begin jemalloc statistics ___
Version: 3.6.0-0-g46c0af68bd248b04df75e4f92d5fb804c3d75340
Quantum size: 16
Page size: 4096
Allocated: 1572864, active: 2097152, mapped: 8388608
arenas[0]:
dirty pages: 512:100 active:dirty, 3 sweeps, 9 madvises, 40 purged
            allocated      nmalloc      ndalloc    nrequests
small:         524288          600           88          700
large:        1048576            2            1            2
total:        1572864          602           89          702
active:       2097152
bins:     bin  size regs pgs    allocated      nmalloc      ndalloc    nrequests       nfills     nflushes      newruns       reruns      curruns
[0..9]
           10  1024   64  16       524288          600           88          700            9            9           16            0           16
[11..27]
large:   size pages      nmalloc      ndalloc    nrequests      curruns
[255]
      1048576   256            2            1            2            1
--- End jemalloc statistics ---`);
    expect(partsOf(explanation)).toEqual({ live: 1_572_864, holes: 524_288 });
    expect(explanation.notes).toContainEqual(expect.objectContaining({ why: 'no total `metadata`' }));
  });
});

describe('what is no figure of jemalloc is named, with its line', () => {
  test.each([
    [
      '{"allocated": "1",\n"pageheap_unmapped": "2"}',
      'paste, line 2: `"pageheap_unmapped": "2"}`: counters of Envoy',
    ],
    [
      'x\nMALLOC: +  5242880 (    5.0 MiB) Bytes',
      'paste, line 2: `MALLOC: +  5242880 (    5.0 MiB) Bytes`: statistics of tcmalloc',
    ],
    ['Arena 0:\nsystem bytes     =    4239360', "statistics of glibc's malloc"],
    ['<malloc version="1">\n<heap nr="0">', "statistics of glibc's malloc"],
    ['heap stats:    peak       total       freed     current', 'statistics of mimalloc'],
    ['heap_v2/524288\n  t*: 28106: 56637512 [0: 0]', 'a heap profile'],
    ['Total: 18 MB\n   10.0  55.6%  55.6%   10.0  55.6% main', 'paste, line 2: `10.0  55.6%'],
    ['Showing nodes accounting for 512MB, 98.1% of 522MB total', 'record it with `slablab record`'],
    ['peak heap memory consumption: 81.92K', 'a report of heaptrack'],
    ['export _RJEM_MALLOC_CONF="dirty_decay_ms:1000,abort_conf:true"', 'options of jemalloc'],
    ['static malloc_conf: &[u8] = b"background_thread:true,narenas:2\\0";', 'options of jemalloc'],
    ['<jemalloc>: Invalid conf pair: foo:bar', 'options of jemalloc'],
    ['$ MALLOC_CONF=stats_print:true ./x\nSTAT curr_items 9123', 'statistics of memcached'],
    ['Total allocated space (uordblks):      4768', "statistics of glibc's malloc"],
    [' subproc 0\n blocks          peak       total', 'statistics of mimalloc'],
    ['go_memstats_alloc_bytes 1.2e+09\nprocess_resident_memory_bytes 2e9', "figures of Go's heap"],
    ['-      Java Heap (reserved=4194304KB, committed=3145728KB)', 'a Java virtual machine'],
    ['{ rss: 4935680, heapTotal: 1826816, heapUsed: 650472 }', 'figures of Node.js'],
    ['STAT curr_items 9123', 'statistics of memcached'],
    ['| memory/innodb/buf_buf_pool | 8.18 GiB |', 'what a database counts by purpose'],
    ['<Trace> AsynchronousMetrics: MemoryTracking: was 7.71 GiB, peak 8.20 GiB', "ClickHouse's tracker"],
    ['  PID USER      PR  NI    VIRT    RES    SHR S', 'what the system counts'],
    ['7 7 malloc(32)=0x7f90495120e0', '`slablab run` replays it'],
    ['VmSize:\t  12 kB\nVmRSS:\t  567890 kB', 'paste, line 2: `VmRSS:\t  567890 kB`: what the system counts'],
    ['allocated: 10 GiB active: 8 GiB', '`allocated` (10.0 GiB) is more than `active` (8.0 GiB)'],
    [
      JSON.stringify(JSON.parse(recorded('jq-5.3.0-json.txt')).jemalloc['stats.arenas'][0], null, '\t'),
      "a part of jemalloc's statistics in JSON, without the sizes of its classes; give the whole document",
    ],
    ['allocated: -5 active: 10', '`allocated` is -5, and no size'],
    ['jemalloc_allocated 12000\njemalloc_resident 13909', 'at most 13909 bytes, which is less than it needs'],
  ])('%j', (text, message) => {
    expect(() => explained(text)).toThrow(message);
  });
});
