/** Rewrites what monitoring systems print, so that each figure follows its name: `x{type="active"} 1`. */

/** A figure of Prometheus's API, at one time or at several, or of an export of VictoriaMetrics. */
const SERIES =
  /\{\s*"metric"\s*:\s*\{([^{}]{0,2000})\}\s*,\s*"values?"\s*:\s*\[(?:\s*\[)?\s*(?:[\d.]+\s*,\s*"([^"]*)"|(\d[\d.e+]*))/g;
const LABEL = /"([^"]+)"\s*:\s*"([^"]*)"/g;
/** A figure of the line protocol of InfluxDB. */
const INTEGER = /(=\d+)i(?=[,\s]|$)/gm;
const SEPARATOR = /[,;|\t]/;

export function plainSeries(text: string): string {
  return wideTables(text.replaceAll(SERIES, series).replaceAll(INTEGER, '$1').replaceAll('} => ', '} '));
}

function series(_: string, labels: string, quoted: string | undefined, plain: string | undefined): string {
  const pairs = [...labels.matchAll(LABEL)].map(([, name, value]) => [name!, value!] as const);
  const name = pairs.find(([label]) => label === '__name__')?.[1] ?? '';
  const others = pairs
    .filter(([label]) => label !== '__name__')
    .map(([label, value]) => `${label}="${value}"`);
  return `\n${name}{${others.join(',')}} ${quoted ?? plain}\n`;
}

/** Puts the rows of a table below its names, a line for each figure, where the names are those of jemalloc's totals. */
function wideTables(text: string): string {
  const lines = text.split('\n');
  return lines
    .map((line, index) => {
      const names = namesOfTotals(line);
      if (names === null) return line;
      const rows = lines.slice(index + 1).map(cellsOf);
      const end = rows.findIndex((row) => row.length !== names.length);
      const figures = rows
        .slice(0, end < 0 ? rows.length : end)
        .flatMap((row) =>
          row.flatMap((figure, column) => (/\d/.test(figure) ? [`${names[column]} ${figure}`] : [])),
        );
      return figures.length === 0 ? line : figures.join('\n');
    })
    .join('\n');
}

/** Returns the names of columns, of which two are totals; null if the line is none of names. */
function namesOfTotals(line: string): readonly string[] | null {
  if (!SEPARATOR.test(line) || /(?:^|[,;|\t"\s])-?\d/.test(line)) return null;
  const cells = cellsOf(line);
  const isNamed = (name: string) =>
    cells.some((cell) => new RegExp(`(?:^|[._])${name}(?:_bytes)?$`).test(cell));
  return isNamed('allocated') && (isNamed('active') || isNamed('resident')) ? cells : null;
}

function cellsOf(line: string): string[] {
  return line.split(SEPARATOR).map((cell) => cell.trim().replace(/^["']|["']$/g, ''));
}
