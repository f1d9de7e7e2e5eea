/** What happens to a text between a server and the reader of a paste. Each kind leaves all figures in the text. */
import type { Random } from '#slablab/src/base/index.js';

export type Dirt = (text: string, random: Random) => string;

function linesOf(text: string): string[] {
  return text.replace(/\r*\n$|\r$/, '').split(/\r*\n|\r/);
}

function eachLine(change: (line: string, index: number, random: Random) => string): Dirt {
  return (text, random) =>
    `${linesOf(text)
      .map((line, index) => change(line, index, random))
      .join('\n')}\n`;
}

/** Text of a fixed number of digits. */
const digits = (random: Random, count: number) => String(random.below(10 ** count)).padStart(count, '0');
const clock = (random: Random) => `12:${digits(random, 1)}${digits(random, 1)}:0${digits(random, 1)}`;

/** Prefixes of logs and quotes, for every line. */
export const PREFIXES: Readonly<Record<string, Dirt>> = {
  kubernetes: eachLine(
    (line, _, random) =>
      `2025-07-08T13:29:05.${digits(random, 9).replace(/0+$/, '')}1Z I0708 15:29:05.${digits(random, 6)}       1 log.go:142] ${line}`,
  ),
  'kubernetes, standard output': eachLine(
    (line, _, random) => `2025-07-08T13:29:05.${digits(random, 9)}Z stdout F ${line}`,
  ),
  docker: eachLine((line, _, random) => `2025-05-14 ${clock(random)} ${line}`),
  compose: eachLine((line) => `redis-1  | ${line}`),
  syslog: eachLine((line, _, random) => `Nov 30 ${clock(random)} db-3 redis-server[4139]: ${line}`),
  journald: eachLine((line) => `redis-server[4139]: ${line}`),
  pod: eachLine((line) => `[redis-master-0] ${line}`),
  'pod and container': eachLine((line) => `[pod/redis-master-0/redis] ${line}`),
  level: eachLine(
    (line, _, random) => `${clock(random)}.${digits(random, 3)} INFO  [main] c.e.Probe - ${line}`,
  ),
  logfmt: eachLine(
    (line, _, random) => `time="2022-01-10T${clock(random)}Z" level=debug msg="info: ${line}"`,
  ),
  'epoch seconds': eachLine((line, _, random) => `1735${digits(random, 6)}.${digits(random, 3)}: ${line}`),
  'line numbers': eachLine((line, index) => `${String(index + 1).padStart(6)}\t${line}`),
  'numbers of grep': eachLine((line, index) => `dump.txt:${index + 1}:${line}`),
  identifiers: eachLine((line, _, random) => `[req=${random.word().toString(16).padStart(8, '0')}] ${line}`),
  weekday: eachLine((line, index) => `${['Mon', 'Tue', 'Sun'][index % 3]} Jan 2 ${index % 60}: ${line}`),
  quoted: eachLine((line) => `> ${line}`),
  'quoted thrice': eachLine((line) => `>>> ${line}`),
  'quoted in a quote': eachLine((line) => `> > ${line}`),
  'quoted without a blank': eachLine((line) => `>${line}`),
  bar: eachLine((line) => `│ ${line}`),
  'ascii bar': eachLine((line) => `| ${line}`),
  indented: eachLine((line) => `    ${line}`),
  tab: eachLine((line) => `\t${line}`),
  comment: eachLine((line) => `// ${line}`),
  diff: eachLine((line) => `+${line}`),
};

const escapedHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What text is wrapped in. */
export const WRAPPERS: Readonly<Record<string, Dirt>> = {
  'code fence': (text) => `Here it is:\n\`\`\`text\n${text}\n\`\`\`\nAny idea?\n`,
  'tilde fence': (text) => `~~~\n${text}\n~~~\n`,
  details: (text) => `<details><summary>INFO</summary>\n\n\`\`\`\n${text}\n\`\`\`\n</details>\n`,
  pre: (text) => `<pre><code>${escapedHtml(text)}</code></pre>\n`,
  breaks: (text) => linesOf(escapedHtml(text)).join('<br>'),
  'breaks of xhtml': (text) => linesOf(escapedHtml(text)).join('<br />\n'),
  paragraphs: (text) =>
    linesOf(escapedHtml(text))
      .map((line) => `<p>${line}</p>`)
      .join(''),
  spans: eachLine((line) => `<span class="line">${escapedHtml(line)}</span>`),
  'json string': (text) => `${JSON.stringify(text)}\n`,
  'json string, unix': (text) => `${JSON.stringify(text.replaceAll('\r', ''))}\n`,
  'field of json': (text) => `${JSON.stringify({ time: '2025-01-01', message: text })}\n`,
  'json in json': (text) => `${JSON.stringify(JSON.stringify(text))}\n`,
  'python bytes': (text) =>
    `b'${text.replaceAll("'", "\\'").replaceAll('\r', '\\r').replaceAll('\n', '\\n')}'\n`,
  'redis-cli, not raw': (text) => `1) ${JSON.stringify(text)}\n`,
  'docker json': (text, random) =>
    linesOf(text)
      .map(
        (line) =>
          `${JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: `2025-01-01T${clock(random)}Z` })}\n`,
      )
      .join(''),
  gelf: eachLine(
    (line) => `2025-01-01T12:00:00Z redis ${JSON.stringify({ version: '1.1', short_message: line })}`,
  ),
  'one-column table': eachLine((line) => `| ${line} |`),
  colours: eachLine((line) => `\u001b[32m${line}\u001b[0m`),
  'colours of grep': eachLine((line) =>
    line.replace(/used_memory/, '\u001b[01;31m\u001b[Kused_memory\u001b[m\u001b[K'),
  ),
  'bold lines': eachLine((line) => (line === '' ? line : `**${line}**`)),
  'box of a terminal': eachLine((line) => `│ ${line.padEnd(400)} │`),
  'cat -A': eachLine((line) => `${line}$`),
  'cell of psql': eachLine((line) => ` ${line.padEnd(400)} +`),
  'list of lines': (text) => `${JSON.stringify({ lines: linesOf(text) }, null, 4)}\n`,
  'form of a page': (text) => encodeURIComponent(text).replaceAll('%20', '+'),
  'quoted-printable': (text) =>
    text
      .replaceAll('\r', '')
      .replaceAll('=', '=3D')
      .replaceAll(/.{75}(?=.)/g, '$&=\n'),
  'hexdump -C': (text) =>
    dumped(text, (bytes) => {
      const halves = [bytes.slice(0, 8), bytes.slice(8)].map((half) => half.map(hexOf).join(' '));
      return `  ${halves.join('  ').padEnd(49)} |${bytes.map(shown).join('')}|`;
    }),
  xxd: (text) =>
    dumped(text, (bytes) => {
      const pairs = bytes
        .map(hexOf)
        .join('')
        .replaceAll(/.{4}(?=.)/g, '$& ');
      return `: ${pairs.padEnd(40)} ${bytes.map(shown).join('')}`;
    }),
  'Arabic digits': withDigits(0x0660),
  'Persian digits': withDigits(0x06f0),
  'digits of Hindi': withDigits(0x0966),
  'digits of full width': withDigits(0xff10),
  'code lines': eachLine((line) => (line === '' ? line : `\`${line}\``)),
};

const hexOf = (byte: number) => byte.toString(16).padStart(2, '0');
const shown = (byte: number) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.');

/** Text of a dump of bytes, 16 to a line. */
function dumped(text: string, lineOf: (bytes: number[]) => string): string {
  const bytes = [...new TextEncoder().encode(text)];
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    lines.push(`${at.toString(16).padStart(8, '0')}${lineOf(bytes.slice(at, at + 16))}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Text with the digits of another script, whose zero is given. */
function withDigits(zero: number): Dirt {
  return (text) => text.replaceAll(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)));
}

/** What happens to blanks and line ends. */
export const BLANKS: Readonly<Record<string, Dirt>> = {
  'leading blanks lost': eachLine((line) => line.trimStart()),
  'blanks collapsed': eachLine((line) => line.replaceAll(/ +/g, ' ')),
  'leading blanks lost, collapsed': eachLine((line) => line.trim().replaceAll(/ +/g, ' ')),
  'blanks doubled': eachLine((line) => line.replaceAll(' ', '  ')),
  tabs: eachLine((line) => line.replaceAll(/ {2,}/g, '\t')),
  'non-breaking': eachLine((line) => line.replaceAll(' ', '\u00a0')),
  'non-breaking entities': eachLine((line) => line.replaceAll('  ', '&nbsp; ')),
  'trailing blanks': eachLine((line) => `${line}   `),
  'empty lines': eachLine((line) => `${line}\n`),
  'zero-width': eachLine((line) => `\u200b${line}`),
  'byte order mark': (text) => `\uFEFF${text}`,
  'DOS ends': (text) => linesOf(text).join('\r\n'),
  'Macintosh ends': (text) => linesOf(text).join('\r'),
  'ends of a serial line': (text) => linesOf(text).join('\r\r\n'),
  'soft wrap': (text, random) => wrapped(text, 60 + random.below(80), true),
  'hard wrap': (text, random) => wrapped(text, 60 + random.below(80), false),
  'line ends lost': (text) => linesOf(text).join(' '),
};

/** Breaks long lines at a width, at blanks or anywhere. */
function wrapped(text: string, width: number, atBlanks: boolean): string {
  const lines = linesOf(text).flatMap((line) => {
    const pieces: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const blank = rest.lastIndexOf(' ', width);
      const end = atBlanks && blank > 0 && rest.slice(0, blank).trim() !== '' ? blank : width;
      pieces.push(rest.slice(0, end));
      rest = rest.slice(atBlanks && rest[end] === ' ' ? end + 1 : end);
    }
    return [...pieces, rest];
  });
  return `${lines.join('\n')}\n`;
}

/** Ways to write the fields of INFO. */
export const FIELDS: Readonly<Record<string, (info: string) => string>> = {
  'blank after the colon': (info) => info.replaceAll(/^(\w+):/gm, '$1: '),
  equals: (info) => info.replaceAll(/^(\w+):/gm, '$1 = '),
  'tab-separated': (info) => info.replaceAll(/^(\w+):/gm, '$1\t'),
  table: (info) => info.replaceAll('\r', '').replaceAll(/^(\w+):(.*)$/gm, '| $1 | $2 |'),
  'table with marks': (info) => info.replaceAll('\r', '').replaceAll(/^(\w+):(.*)$/gm, '| `$1` | **$2** |'),
  box: (info) => info.replaceAll('\r', '').replaceAll(/^(\w+):(.*)$/gm, '│ $1 │ $2 │'),
  list: (info) => info.replaceAll(/^(\w+):/gm, '- $1: '),
  'bold names': (info) => info.replaceAll(/^(\w+):/gm, '**$1**: '),
  'without heads': (info) => info.replaceAll(/^# .*$/gm, ''),
  'heads without marks': (info) => info.replaceAll(/^# /gm, ''),
  'thousands separated': separated(/\B(?=(?:\d{3})+$)/g, ','),
  'thousands separated by dots': separated(/\B(?=(?:\d{3})+$)/g, '.'),
  'thousands separated by narrow blanks': separated(/\B(?=(?:\d{3})+$)/g, '\u202f'),
  'separated as in India': separated(/\B(?=(?:\d{2})*\d{3}$)/g, ','),
  'decimal commas': (info) => info.replaceAll(/^(\w+_(?:human|ratio):\d+)\./gm, '$1,'),
  'one line': (info) => `${info.replaceAll(/#.*\r?\n/g, '').replaceAll(/\s+/g, ' ')}\n`,
  'comma-separated': (info) =>
    `${info
      .replaceAll(/#.*\r?\n/g, '')
      .trim()
      .replaceAll(/\s*\n\s*/g, ', ')}\n`,
  python: (info) => `${pythonOf(dictOf(info))}\n`,
  'python with double quotes': (info) => `${JSON.stringify(dictOf(info))}\n`,
  json: (info) => `${JSON.stringify(dictOf(info), null, 2)}\n`,
  'json of texts': (info) => `${JSON.stringify(Object.fromEntries(pairsOf(info)), null, 2)}\n`,
  ruby: (info) =>
    `{${pairsOf(info)
      .map(([name, value]) => `"${name}"=>"${value}"`)
      .join(', ')}}\n`,
  capitals: (info) => info.replaceAll(/^\w+(?=:)/gm, (name) => name.toUpperCase()),
  'rows of HTML': (info) =>
    `<table>${pairsOf(info)
      .map(([name, value]) => `<tr><td>${name}</td><td>${value}</td></tr>`)
      .join('')}</table>\n`,
  php: (info) =>
    `Array\n(\n${pairsOf(info)
      .map(([name, value]) => `    [${name}] => ${value}\n`)
      .join('')})\n`,
  'pairs in brackets': (info) =>
    pairsOf(info)
      .map(([name, value]) => `[${name}, ${value}]\n`)
      .join(''),
  'dotted lines': (info) =>
    pairsOf(info)
      .map(([name, value]) => `${name.padEnd(40, '.')} ${value}\n`)
      .join(''),
  'messages of logfmt': (info) =>
    pairsOf(info)
      .map(([name, value]) => `level=info msg="${name}:${value}" pod=redis-1\n`)
      .join(''),
  yaml: (info) =>
    pairsOf(info)
      .map(([name, value]) => `  ${name}: "${value}"\n`)
      .join(''),
};

/** Separates the digits of whole figures at some of their places. */
function separated(places: RegExp, separator: string): (info: string) => string {
  return (info) =>
    info.replaceAll(/^(\w+):(\d{4,})(?=\r?$)/gm, (_, name: string, value: string) => {
      return `${name}:${value.replaceAll(places, separator)}`;
    });
}

function pairsOf(info: string): [string, string][] {
  return [...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]);
}

/** As clients parse INFO: numbers, and a dictionary for each database. */
function dictOf(info: string): Record<string, unknown> {
  return Object.fromEntries(
    pairsOf(info).map(([name, value]) => {
      if (/^-?\d+$/.test(value)) return [name, Number(value)];
      if (!/^\w+=\w+(?:,\w+=\w+)+$/.test(value)) return [name, value];
      const inner = value.split(',').map((pair) => pair.split('='));
      return [name, Object.fromEntries(inner.map(([key = '', number]) => [key, Number(number)]))];
    }),
  );
}

function pythonOf(value: unknown): string {
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([name, inner]) => `'${name}': ${pythonOf(inner)}`)
      .join(', ')}}`;
  }
  return typeof value === 'string' ? `'${value}'` : String(value);
}
