import type { Random } from '#slablab/src/base/index.js';

/** Few letters, so that names match often; all that means something in a pattern; bytes with the upper bit. */
const NAME_BYTES = [...Buffer.from('aaabbcABC-]^\\*?[09'), 0, 0x0a, 0x7f, 0x80, 0xe9, 0xff];
const PATTERN_BYTES = [...NAME_BYTES, ...Buffer.from('****??[[]]--^\\\\')];

export function randomName(random: Random, longest: number): Uint8Array {
  return randomBytes(random, NAME_BYTES, random.below(longest + 1));
}

/** Half of them made from a name, so that many match it; the others of bytes of their own. */
export function randomPattern(random: Random, name: Uint8Array): Uint8Array {
  if (random.below(2) === 0) return randomBytes(random, PATTERN_BYTES, random.below(10));
  const pattern: number[] = [];
  for (const byte of name) {
    const kind = random.below(12);
    if (kind < 5) pattern.push(byte);
    else if (kind < 6) pattern.push(...Buffer.from('?'));
    else if (kind < 8) pattern.push(...Buffer.from('*'));
    else if (kind < 9) pattern.push(...Buffer.from('\\'), byte);
    else if (kind < 11) pattern.push(...randomClass(random, byte));
  }
  return Uint8Array.from(pattern);
}

function randomClass(random: Random, byte: number): number[] {
  const inside = [...randomBytes(random, PATTERN_BYTES, random.below(4))];
  inside.splice(random.below(inside.length + 1), 0, byte);
  const negation = random.below(4) === 0 ? '^' : '';
  const end = random.below(8) === 0 ? '' : ']';
  return [...Buffer.from(`[${negation}`), ...inside, ...Buffer.from(end)];
}

function randomBytes(random: Random, from: readonly number[], length: number): Uint8Array {
  return Uint8Array.from({ length }, () => from[random.below(from.length)]!);
}
