/** The options that jemalloc runs with, and how they differ from the configuration. */

/** Values by option name, both in the form of MALLOC_CONF. */
export type AllocatorOptions = Readonly<Record<string, string>>;

/** Parses lines of the form `name:value`. */
export function parseOptions(lines: string): AllocatorOptions {
  const pairs = lines.split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    pairs.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/**
 * Returns a sentence for each `name:value` of a configuration that jemalloc silently replaced by another value.
 * `options` are those that jemalloc runs with.
 */
export function silentChanges(conf: string, options: AllocatorOptions): string[] {
  const wanted = new Map<string, string>();
  // The last value of an option wins, as in jemalloc.
  for (const pair of conf.split(',').filter((text) => text.trim() !== '')) {
    const at = pair.indexOf(':');
    wanted.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  return [...wanted].flatMap(([name, value]) => {
    const taken = takenFor(name, options);
    if (taken === undefined || isSame(value, taken) || value === DEFAULT_NARENAS) return [];
    return [
      `jemalloc takes \`${name}:${value}\` for \`${name}:${taken}\`, without a word; write that if it is meant`,
    ];
  });
}

/** The value of `narenas` that leaves the number to jemalloc. */
const DEFAULT_NARENAS = 'default';

/** Returns the value that jemalloc runs with; undefined if it does not report the option. */
function takenFor(name: string, options: AllocatorOptions): string | undefined {
  const taken = options[name];
  // 5.3.0 reports lg_tcache_max as tcache_max, in bytes.
  if (taken === undefined && name === 'lg_tcache_max' && options.tcache_max !== undefined) {
    return `${Math.log2(Number(options.tcache_max))}`;
  }
  return taken;
}

function isSame(wanted: string, taken: string): boolean {
  return wanted === taken || (numberOf(wanted) !== undefined && numberOf(wanted) === numberOf(taken));
}

/** Reads a number as strtoumax does: decimal, 0x… or octal 0…; undefined for anything else. */
function numberOf(text: string): bigint | undefined {
  const [, sign, digits] = /^([+-]?)(0[xX][\da-fA-F]+|\d+)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const isOctal = /^0[0-7]+$/.test(digits);
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  return sign === '-' ? -value : value;
}
