/** The most a compressed byte can stand for: three bytes repeat up to 264. */
export const MAX_LZF_RATIO = 88;

/**
 * LZF: runs of up to 32 literal bytes, and repetitions of up to 264 bytes from up to 8 KiB before. Fills `target` to
 * `length` bytes exactly; undefined if it did, else what is wrong.
 */
export function decompressLzf(
  bytes: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  length: number,
): string | undefined {
  let at = from;
  let filled = 0;
  while (at < to) {
    const control = bytes[at++]!;
    if (control < 32) {
      const run = control + 1;
      if (at + run > to) return 'a literal run goes beyond the compressed bytes';
      if (filled + run > length) return `it holds more than the ${length} bytes announced`;
      for (let index = 0; index < run; index++) target[filled++] = bytes[at++]!;
      continue;
    }
    let run = control >>> 5;
    if (run === 7) {
      if (at >= to) return 'a repetition has no length';
      run += bytes[at++]!;
    }
    if (at >= to) return 'a repetition has no distance';
    const distance = ((control & 0x1f) << 8) + bytes[at++]! + 1;
    run += 2;
    if (distance > filled) return `a repetition starts ${distance - filled} bytes before the beginning`;
    if (filled + run > length) return `it holds more than the ${length} bytes announced`;
    // Byte by byte, since a repetition may overlap itself.
    for (let index = 0; index < run; index++, filled++) target[filled] = target[filled - distance]!;
  }
  return filled === length ? undefined : `it holds ${filled} bytes, not the ${length} announced`;
}
