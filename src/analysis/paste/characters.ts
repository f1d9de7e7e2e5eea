/** Replaces the characters that terminals, editors and web pages put in place of plain blanks and line ends. */

/** Sequences that colour and move the cursor of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences start with one.
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
/** The same sequences after a program showed their first character in another form. */
const SHOWN_ANSI = /(?:\^\[|\\e|\\033|\\x1b|\\u001b|␛)\[[\d;]*[A-Za-z]/gi;
const INVISIBLE = /[\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2064\uFEFF]/g;
const BLANKS = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\v\f]/g;

/** Decimal digits of other scripts, and the zeros that each ten of them begin with. */
const OTHER_DIGITS = /[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF\u0E50-\u0E59\uFF10-\uFF19]/g;
const OTHER_ZEROS = [0xff10, 0x0e50, 0x09e6, 0x0966, 0x06f0, 0x0660];

/** Longer runs of a blank or mark mean no more, and would take long to search. */
const MAX_RUN = 100;
const LONG_RUN = new RegExp(`([^\\w\\n])\\1{${MAX_RUN},}`, 'g');

export function plainCharacters(text: string): string {
  return text
    .replaceAll(ANSI, '')
    .replaceAll(SHOWN_ANSI, '')
    .replaceAll('\u2028', '\n')
    .replaceAll(INVISIBLE, '')
    .replaceAll(BLANKS, ' ')
    .replaceAll(/\r+\n|\r|\u0085/g, '\n')
    .replaceAll(LONG_RUN, (run) => run.slice(0, MAX_RUN))
    .replaceAll(/[“”„]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[–—−](?=-|\d)/g, '-')
    .replaceAll('：', ':')
    .replaceAll(OTHER_DIGITS, plainDigit);
}

function plainDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  return String(code - OTHER_ZEROS.find((zero) => zero <= code)!);
}
