/** The options that jemalloc runs with, and what of a configuration it has taken for something else. */

/** By name, as MALLOC_CONF would have them. */
export type AllocatorOptions = Readonly<Record<string, string>>;

/** "name:value", a line each. */
export function parseOptions(lines: string): AllocatorOptions {
  const pairs = lines.split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    pairs.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** Sentences on the pairs of a configuration that jemalloc took, but not as they are: it says nothing of those itself. */
export function takenOtherwise(conf: string, options: AllocatorOptions): string[] {
  const wanted = new Map<string, string>();
  // Of an option that is given twice the last one counts.
  for (const pair of conf.split(',').filter((text) => text.trim() !== '')) {
    const at = pair.indexOf(':');
    wanted.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  return [...wanted].flatMap(([name, value]) => {
    const taken = takenFor(name, options);
    if (taken === undefined || isSame(value, taken) || value === AS_MANY_AS_USUAL) return [];
    return [
      `jemalloc takes \`${name}:${value}\` for \`${name}:${taken}\`, without a word; write that if it is meant`,
    ];
  });
}

/** Of narenas. */
const AS_MANY_AS_USUAL = 'default';

/** Undefined where jemalloc does not say. */
function takenFor(name: string, options: AllocatorOptions): string | undefined {
  const taken = options[name];
  // 5.3.0 keeps the size itself.
  if (taken === undefined && name === 'lg_tcache_max' && options.tcache_max !== undefined) {
    return `${Math.log2(Number(options.tcache_max))}`;
  }
  return taken;
}

function isSame(wanted: string, taken: string): boolean {
  return wanted === taken || (numberOf(wanted) !== undefined && numberOf(wanted) === numberOf(taken));
}

/** As strtoumax reads it: decimal, 0x… or octal 0…; undefined for a word. */
function numberOf(text: string): bigint | undefined {
  const [, sign, digits] = /^([+-]?)(0[xX][\da-fA-F]+|\d+)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const isOctal = /^0[0-7]+$/.test(digits);
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  return sign === '-' ? -value : value;
}
