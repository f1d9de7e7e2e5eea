/** Returns the statistics that a script printed as its own literals, such as a dictionary of Python or a hash of Ruby, as JSON. */

const BEGIN = /\{\s*(?:'jemalloc'\s*:|"jemalloc"\s*=>)\s*\{/;
const CONSTANTS: Readonly<Record<string, string>> = {
  True: 'true',
  False: 'false',
  None: 'null',
  nil: 'null',
};

/** Returns null if the text has no such literal. */
export function literalsAsJson(text: string): string | null {
  const start = text.search(BEGIN);
  if (start < 0) return null;
  const json = text
    .slice(start)
    .replaceAll(/'((?:[^'\\\n]|\\.)*)'/g, (_, inside: string) => JSON.stringify(inside))
    .replaceAll(/"\s*=>/g, '":')
    .replaceAll(/\b(?:True|False|None|nil)\b/g, (word) => CONSTANTS[word]!);
  return text.slice(0, start) + json;
}
