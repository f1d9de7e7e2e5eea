/**
 * Separates INFO and MEMORY MALLOC-STATS of one server in the texts that a user gives, in any order. Texts may be raw,
 * quoted with escapes, or contain RESP framing and prompts.
 */
import { InputError } from '../base/index.js';
import { BEGIN_MALLOC_STATS, END_MALLOC_STATS } from './malloc-stats.js';

/** A text, and the name of its origin for messages. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface ServerText {
  /** The fields of all sections of INFO. */
  readonly fields: ReadonlyMap<string, string>;
  readonly mallocStats: string | null;
  /** Lines that are part of neither, with the beginning of the first. */
  readonly leftOut: { readonly count: number; readonly first: string | null };
}

const NO_JEMALLOC = 'Stats not supported for the current allocator';
/** Lines of RESP framing and prompts: `$1234`, `=1234` and `127.0.0.1:6379> info memory`. */
const FRAMING = /^(?:[$=]\d+|\S+> .*)$/;
const FIELD = /^([a-zA-Z][\w.-]*):(.*)$/;
const MAX_SHOWN_CHARACTERS = 40;

/** Reads the texts of one server at one moment. Throws an InputError for binary data and for repeated parts. */
export function readServerText(texts: readonly NamedText[]): ServerText {
  const fields = new Map<string, string>();
  const places = new Map<string, string>();
  const left: string[] = [];
  let stats: string[] | null = null;
  let statsEnded = false;
  for (const { name, text } of texts) {
    refuseBinary(name, text);
    // Statistics do not continue in the next text.
    let inStats = false;
    linesOf(text).forEach((line, index) => {
      const place = `${name}, line ${index + 1}`;
      if (BEGIN_MALLOC_STATS.test(line)) {
        if (stats !== null) {
          throw new InputError(`${place}: a second MEMORY MALLOC-STATS; give one server's, taken once`);
        }
        stats = [line];
        inStats = true;
      } else if (inStats) {
        stats?.push(line);
        inStats = line !== END_MALLOC_STATS;
        statsEnded ||= !inStats;
      } else if (line === END_MALLOC_STATS) {
        throw new InputError(
          `${place}: MEMORY MALLOC-STATS ends here, but its beginning ("___ Begin jemalloc statistics ___") is ` +
            'missing; give all that it prints',
        );
      } else if (!isEmpty(line)) {
        const [, key, value] = FIELD.exec(line) ?? [];
        if (key === undefined || value === undefined) left.push(line);
        else setField(key, value, place);
      }
    });
  }
  return {
    fields,
    mallocStats: stats === null ? null : (stats as string[]).join('\n') + (statsEnded ? '\n' : ''),
    leftOut: { count: left.length, first: left[0]?.slice(0, MAX_SHOWN_CHARACTERS) ?? null },
  };

  function setField(key: string, value: string, place: string): void {
    const before = places.get(key);
    if (key === 'used_memory' && before !== undefined) {
      throw new InputError(
        `${place}: a second INFO memory (the first: ${before}); explain takes one server at one moment, leave one out`,
      );
    }
    places.set(key, place);
    fields.set(key, value);
  }
}

function refuseBinary(name: string, text: string): void {
  // The decoder has replaced invalid UTF-8 by U+FFFD.
  const at = text.search(/[\0\uFFFD]/);
  if (at < 0) return;
  const line = text.slice(0, at).split('\n').length;
  throw new InputError(
    `${name}, line ${line}: binary data, not text; give what \`redis-cli INFO memory\` and ` +
      '`redis-cli MEMORY MALLOC-STATS` print',
  );
}

function linesOf(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap(unquoted)
    .map((line) => line.replace(/\r+$/, '').replace(/^txt:/, ''));
}

/** Returns the lines of a quoted string like "# Memory\r\nused_memory:1\r\n", which redis-cli --no-raw prints. */
function unquoted(line: string): string[] {
  const inside = /^\s*(?:\d+\) *)?(["'])(.*\\n.*)\1\s*$/.exec(line)?.[2];
  return inside === undefined ? [line] : inside.replaceAll(/\\(x[\da-f]{2}|.)/gi, decoded).split('\n');
}

function decoded(_: string, code: string): string {
  if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return { n: '\n', r: '\r', t: '\t' }[code] ?? code;
}

function isEmpty(line: string): boolean {
  return /^\s*(?:#.*)?$/.test(line) || FRAMING.test(line) || line === NO_JEMALLOC;
}
