/** A result as one HTML file, which needs no other file and no network. */
import { formatBytes } from '../base/index.js';
import { resultRows } from './result-rows.js';

/** The JSON of a larger result would make the page slow to open. */
const MOST_JSON_BYTES = 4 * 2 ** 20;

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
pre { overflow-x: auto; font: 14px/1.4 ui-monospace, monospace; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font: 14px/1.4 ui-monospace, monospace; }
th, td { border: 1px solid #8886; padding: 0.2rem 0.5rem; text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
`;

/** Returns the page: the report as text, its figures as a table, and its JSON. */
export function htmlPage(title: string, text: string, result: unknown): string {
  const { titles, rows } = resultRows(result);
  const row = (tag: 'th' | 'td', cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${markup(cell)}</${tag}>`).join('')}</tr>`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${markup(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${markup(title)}</h1>`,
    `<pre>${markup(text)}</pre>`,
    '<details>',
    '<summary>Figures</summary>',
    `<div class="scroll"><table>${row('th', titles)}`,
    ...rows.map((cells) => row('td', cells)),
    '</table></div>',
    '</details>',
    '<details>',
    '<summary>JSON</summary>',
    `<pre>${markup(jsonText(result))}</pre>`,
    '</details>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function jsonText(result: unknown): string {
  const json = JSON.stringify(result, null, 2);
  return json.length <= MOST_JSON_BYTES
    ? json
    : `The JSON of this result has ${formatBytes(json.length)}; --json prints it.`;
}

function markup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
