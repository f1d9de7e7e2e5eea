/** Removes the tags and entities of HTML that a text was copied from. */

const BREAK = /<(?:br|hr)\b[^<>]*>|<\/(?:p|div|li|tr|pre|h[1-6]|blockquote|table|dt|dd)>/gi;
const CELL_END = /<\/t[dh]>/gi;
const TAG =
  /<\/?(?:a|b|blockquote|body|br|code|dd|details|div|dl|dt|em|font|h[1-6]|hr|html|i|kbd|li|mark|ol|p|pre|s|samp|small|span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul)\b(?:\s[^<>]*)?\/?>/gi;

const NAMED: Readonly<Record<string, string>> = {
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  colon: ':',
  lowbar: '_',
  period: '.',
  num: '#',
  lpar: '(',
  rpar: ')',
  Tab: '\t',
  NewLine: '\n',
  hellip: '...',
  shy: '',
};

export function withoutHtml(text: string): string {
  let plain = text;
  // A page that shows HTML as text has entities of entities, and tags in them.
  for (let before = ''; plain !== before; ) {
    before = plain;
    plain = entitiesDecoded(plain.replaceAll(BREAK, '\n').replaceAll(CELL_END, ' ').replaceAll(TAG, ''));
  }
  return plain;
}

function entitiesDecoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-zA-Z]{2,8}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name as string] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code === 160 ? ' ' : String.fromCodePoint(Math.min(code, 0x10ffff));
  });
}
