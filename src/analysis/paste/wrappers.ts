/** Takes texts out of what programs wrap them in: quoted strings with escapes, and log lines in JSON. */
import { plainCharacters } from './characters.js';
import type { PastedLine } from './named-text.js';

/** Keys of log lines in JSON that hold the message. */
const MESSAGE_KEYS = [
  'log',
  'message',
  'msg',
  'short_message',
  'full_message',
  'MESSAGE',
  'line',
  'text',
  'textPayload',
  'body',
  'event',
  '@message',
];

/** A string of a list, on a line of its own. Escaped line ends are not among its escapes. */
const LIST_ITEM = /^\s*"(?:[^"\\]|\\[^nr])*",$/;

export function unwrapped(lines: readonly PastedLine[]): PastedLine[] {
  return lines.flatMap(({ text, number }) =>
    linesInside(text).map((each) => ({ text: plainCharacters(each).replace(/^txt:/, ''), number })),
  );
}

/** Returns the messages of log lines in JSON as the program wrote them, also of those that were split; null if there are none. */
export function messagesOf(text: string): string | null {
  const messages = text.split('\n').map(messageOf);
  return messages.every((message) => message === null) ? null : messages.map((each) => each ?? '').join('');
}

function linesInside(line: string): string[] {
  const message = messageOf(line);
  if (message !== null)
    return withoutLastBreak(message)
      .split(/\r*\n|\r/)
      .flatMap(linesInside);
  if (LIST_ITEM.test(line)) return [unescaped(line.trim().replace(/^"|",?$/g, ''))];
  const breaks = line.match(/\\n/g)?.length ?? 0;
  // A single break is one only at the end of a quoted string, since a path may contain these characters.
  if (breaks === 0 || (breaks === 1 && !/\\n["']?[,;)\s]*$/.test(line))) return [line];
  const inside = withoutQuotes(decoded(line)).split(/\r*\n|\r/);
  return inside.length > 1 ? inside.flatMap(linesInside) : inside;
}

/** Returns the message of a log line in JSON; null if the line is none. */
function messageOf(line: string): string | null {
  const start = line.indexOf('{"');
  const end = line.lastIndexOf('}');
  if (start < 0 || end < start) return null;
  let value: unknown;
  try {
    value = JSON.parse(line.slice(start, end + 1));
  } catch {
    return null;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const key = MESSAGE_KEYS.find((name) => typeof fields[name] === 'string');
  return key === undefined ? null : (fields[key] as string);
}

function withoutLastBreak(text: string): string {
  return text.replace(/(?:\r*\n)+$/, '');
}

/** Removes the quotes around a text, and the element number of redis-cli before it. */
function withoutQuotes(text: string): string {
  return text.replace(/^\s*(?:\d+\) *)?(?:b|[\w ]*[=:] ?)?(["'`])/, '').replace(/["'`][,;)\s]*$/, '');
}

/** Decodes escapes; escapes of escapes too, as of a string in a string. */
function decoded(text: string): string {
  const once = unescaped(text);
  return once.includes('\\n') && !once.includes('\n') ? decoded(once) : once;
}

/** Decodes the escapes of a quoted string. */
export function unescaped(text: string): string {
  return text.replaceAll(/\\(x[\da-f]{2}|u[\da-f]{4}|.)/gi, (_, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { n: '\n', r: '\r', t: '\t' }[code] ?? code;
  });
}
