/**
 * Reads the texts of one server or program: INFO, MEMORY STATS, jemalloc's statistics as text or JSON, and metrics. They
 * may be in any order, in any number of texts, and have the dirt of pasting.
 */
import { InputError } from '../../base/index.js';
import type { StatsReading } from '../malloc-stats/malloc-stats.js';
import { readStatsJson } from '../malloc-stats/read-stats-json.js';
import { BEGIN_MALLOC_STATS, END_MALLOC_STATS, readStatsText } from '../malloc-stats/read-stats-text.js';
import { type AllocationTable, allocationTableOf, isRowOf } from './allocation-tables.js';
import { isInfoOnly, isStatsOnly } from './anchors.js';
import { croppedMarked } from './cropped-lines.js';
import { withDatabases } from './database-lines.js';
import { decoded } from './decoded.js';
import { undiffed } from './difference.js';
import { InfoBlocks, SIZES } from './info-blocks.js';
import { type Field, fieldsOf } from './info-fields.js';
import { type JsonFound, jsonStatsIn } from './json-in-text.js';
import { memoryStatsOf } from './memory-stats.js';
import type { NamedText, PastedLine } from './named-text.js';
import { plainLines } from './plain-lines.js';
import { type ProgramFigures, programFiguresOf } from './program-figures.js';
import { scatteredFields } from './scattered-fields.js';
import { parseSize } from './sizes.js';
import { blockJoined, rejoined, rejoinedText } from './wrapped-lines.js';

export interface Paste {
  /** The fields of all sections of INFO, those of MEMORY STATS too. */
  readonly fields: ReadonlyMap<string, string>;
  readonly stats: StatsReading | null;
  /** Totals without statistics around them. */
  readonly program: ProgramFigures | null;
  readonly allocations: AllocationTable | null;
  /** INFOs and statistics of which only one was read, and where it begins. */
  readonly several: readonly Several[];
  /** The field whose value the text ends with; it may have been cut. */
  readonly endsIn: string | null;
  /** Lines that are part of nothing, with the beginning of the first. */
  readonly leftOut: { readonly count: number; readonly first: string | null };
}

interface Several {
  readonly what: 'INFO' | 'MEMORY MALLOC-STATS' | "jemalloc's totals";
  readonly count: number;
  readonly place: string;
}

const NO_JEMALLOC = 'Stats not supported for the current allocator';
/** Lines of RESP framing, prompts, fences, headings and ellipses. */
const FRAMING =
  /^(?:[$=*~%]\d+|\S+[>$#](?: .*)?|>>> .*|`{3,}\S*|~{3,}|\.{3,}|…|#.*|[-=+|: \u2500-\u257F]{3,}|Row \d+:|\d+ rows? in set.*|[A-Z]\w{2,14}|[{}[\]()"']+,?|[\w.]+\(.*\)|(?:INFO|MEMORY)(?: [\w-]+)*|[|\s]*\w+(?:\s*[\t|]\s*\w+)+[|\s]*)$/i;
/** A longer line is more than framing. */
const MAX_FRAMING = 200;
const MAX_SHOWN_CHARACTERS = 40;

/** A line with a total of jemalloc. */
const FIGURE = /(?:allocated|active|metadata|resident|mapped|retained|jemalloc|arenas)/;

interface StatsBlock {
  readonly lines: PastedLine[];
  readonly name: string;
  readonly place: string;
  /** Whether it begins with the line that jemalloc begins with. */
  readonly hasBegin: boolean;
}

/** Reads the texts of one server or program at one moment. Throws an InputError for binary data. */
export function readPaste(pasted: readonly NamedText[]): Paste {
  const texts = pasted.map(({ name, text }) => ({ name, text: undiffed(blockJoined(decoded(text))) }));
  const paste = readTexts(texts);
  if (paste.stats === null) {
    return sizesIn(paste) === SIZES.length ? paste : readByNames(texts, paste);
  }
  if (paste.stats.damage === null) return paste;
  // A terminal breaks lines at its width before anything else happens to them.
  const again = readTexts(texts.map(({ name, text }) => ({ name, text: rejoinedText(text) })));
  return again.stats?.damage === null ? again : paste;
}

/** Returns how many of the figures that a split needs can be read. */
function sizesIn({ fields }: Paste): number {
  const sizes = SIZES.map((name) => parseSize(fields.get(name) ?? fields.get(`${name}_human`) ?? ''));
  return sizes.filter((size) => size !== null).length;
}

/** Reads figures of INFO by their names alone; returns the paste as it is if that finds no more. */
function readByNames(texts: readonly NamedText[], paste: Paste): Paste {
  const named = texts.flatMap(({ name, text }) => {
    const lines = scatteredFields(croppedMarked(plainLines(text)));
    return lines === null ? [] : [{ name, text: lines.join('\n') }];
  });
  if (named.length === 0) return paste;
  const again = readTexts(named);
  return sizesIn(again) > sizesIn(paste) ? { ...again, endsIn: null } : paste;
}

function readTexts(texts: readonly NamedText[]): Paste {
  const info = new InfoBlocks();
  const blocks: StatsBlock[] = [];
  const left: string[] = [];
  const everything: string[] = [];
  let json: JsonFound | null = null;
  let endsIn: string | null = null;
  const memoryFields: Field[] = [];
  const withInfo: { readonly name: string; readonly place: string }[] = [];
  for (const { name, text } of texts) {
    refuseBinary(name, text);
    const found = jsonStatsIn(text);
    json = found ?? json;
    const lines = croppedMarked(withDatabases(plainLines(found?.rest ?? text)));
    readLines(name, lines);
    endsIn = endOf(text, lines) ?? endsIn;
  }
  const stats = chosenStats(blocks);
  const reading = json !== null ? readJson(json) : stats === null ? null : readStats(stats.lines);
  const chosen = info.chosen(reading?.partial.totals.allocated ?? null);
  const several: Several[] = [];
  if (chosen.count > 1) several.push({ what: 'INFO', count: chosen.count, place: chosen.place });
  const whole = blocks.filter(({ hasBegin }) => hasBegin).length;
  if (whole > 1) several.push({ what: 'MEMORY MALLOC-STATS', count: whole, place: stats!.place });
  if (json !== null && json.count > 1) {
    several.push({ what: 'MEMORY MALLOC-STATS', count: json.count, place: 'the last that is whole' });
  }
  const program =
    reading === null ? programFiguresOf(everything, texts.map(({ name }) => name).join(', ')) : null;
  if (program !== null && program.count > 1) {
    several.push({ what: "jemalloc's totals", count: program.count, place: 'the first of each name' });
  }
  const allocations = reading === null ? allocationTableOf(everything) : null;
  const leftOut = left.filter(
    (line) =>
      !(program !== null && FIGURE.test(line)) && !(allocations !== null && isRowOf(allocations, line)),
  );
  leftOut.push(...(allocations?.incomplete ?? []));
  return {
    fields: withMemoryStats(chosen.fields, memoryFields),
    stats: reading,
    program,
    allocations,
    several,
    endsIn,
    leftOut: { count: leftOut.length, first: leftOut[0]?.trim().slice(0, MAX_SHOWN_CHARACTERS) ?? null },
  };

  function readLines(name: string, lines: readonly PastedLine[]): void {
    for (const { text } of lines) everything.push(text);
    const texts = lines.map(({ text }) => text);
    const memory = memoryStatsOf(texts);
    for (const field of memory?.fields ?? []) memoryFields.push(field);
    const hasBegin = texts.some((text) => BEGIN_MALLOC_STATS.test(text));
    let block: StatsBlock | undefined;
    lines.forEach((line, index) => {
      const place = `${name}, line ${line.number}`;
      if (BEGIN_MALLOC_STATS.test(line.text)) refuseSecondStats(name, place);
      if (
        BEGIN_MALLOC_STATS.test(line.text) ||
        (block === undefined && !hasBegin && isStatsOnly(line.text))
      ) {
        block = { lines: [], name, place, hasBegin: BEGIN_MALLOC_STATS.test(line.text) };
        blocks.push(block);
      } else if (block !== undefined && isInfoOnly(line.text)) block = undefined;
      if (block !== undefined) {
        block.lines.push(line);
        if (END_MALLOC_STATS.test(line.text)) block = undefined;
      } else if (memory !== null && index >= memory.from && index <= memory.to) return;
      else readInfoLine(line.text, name, place);
    });
  }

  function readInfoLine(line: string, name: string, place: string): void {
    const text = line.replace(NO_JEMALLOC, '');
    if (text.trim() === '' || /^\s*#[^:]*$/.test(text)) return;
    // Some tools write names in capitals.
    const fields = fieldsOf(/^\s*[A-Z\d_]+:/.test(text) ? text.toLowerCase() : text);
    for (const field of fields) {
      if (field.name === 'used_memory') refuseSecondFile(name, place);
      info.add(field, place);
    }
    if (fields.length === 0 && !isFraming(text)) left.push(text);
  }

  function refuseSecondStats(name: string, place: string): void {
    if (blocks.some((each) => each.hasBegin && each.name !== name)) {
      throw new InputError(`${place}: a second MEMORY MALLOC-STATS; give one server's, taken once`);
    }
  }

  /** Throws an InputError for INFOs in two texts, which are of two servers or moments. */
  function refuseSecondFile(name: string, place: string): void {
    const other = withInfo.find((each) => each.name !== name);
    if (other !== undefined) {
      throw new InputError(
        `${place}: a second INFO memory (the first: ${other.place}); explain takes one server at one moment, leave one out`,
      );
    }
    withInfo.push({ name, place });
  }
}

/** Reads statistics as they are, and if that fails, as lines that were broken at a width. */
function readStats(lines: readonly PastedLine[]): StatsReading {
  const reading = readStatsText(lines);
  const joined = reading.damage === null ? null : rejoined(lines);
  if (joined === null) return reading;
  const again = readStatsText(joined);
  return again.damage === null ? again : reading;
}

function readJson({ json, breaksOff }: JsonFound): StatsReading {
  const reading = readStatsJson(json);
  if (!breaksOff || reading.damage === null) return reading;
  return { ...reading, damage: `their JSON breaks off: ${reading.damage}` };
}

/** Adds MEMORY STATS, unless INFO has the memory itself: the two are of different moments. */
function withMemoryStats(
  info: ReadonlyMap<string, string>,
  memory: readonly Field[],
): ReadonlyMap<string, string> {
  if (info.has('used_memory_rss')) return info;
  return new Map([...info, ...memory.map(({ name, value }) => [name, value] as const)]);
}

/** Returns the last statistics that are whole, else the last ones. */
function chosenStats(blocks: readonly StatsBlock[]): StatsBlock | null {
  const isWhole = ({ lines }: StatsBlock) => END_MALLOC_STATS.test(lines.at(-1)?.text ?? '');
  return blocks.filter((block) => block.hasBegin && isWhole(block)).at(-1) ?? blocks.at(-1) ?? null;
}

/** Returns the name of the field that a text ends in the middle of, or seems to. */
function endOf(text: string, lines: readonly PastedLine[]): string | null {
  const end = text.trimEnd();
  if (/[}\])"'`]$/.test(end) || text.includes('\n', end.length)) return null;
  const last = lines.filter((line) => line.text.trim() !== '').at(-1)?.text ?? '';
  const field = fieldsOf(last).at(-1);
  return field !== undefined && last.trimEnd().endsWith(field.value) ? field.name : null;
}

function refuseBinary(name: string, text: string): void {
  // The decoder has replaced invalid UTF-8 by U+FFFD. Some of it is usual in texts of other encodings.
  const invalid = text.match(/\uFFFD/g)?.length ?? 0;
  const at = invalid * 100 > text.length ? text.indexOf('\uFFFD') : text.indexOf('\0');
  if (at < 0) return;
  const line = text.slice(0, at).split('\n').length;
  throw new InputError(
    `${name}, line ${line}: binary data, not text; give what \`redis-cli INFO memory\` and ` +
      '`redis-cli MEMORY MALLOC-STATS` print',
  );
}

function isFraming(line: string): boolean {
  const text = line.trim();
  return text.length <= MAX_FRAMING && FRAMING.test(text);
}
