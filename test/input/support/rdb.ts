/** Writes RDB files in a naive way, for types that no available server writes. Text is Latin-1. */

const POLYNOMIAL = 0xad93d23594c935a9n;

/** Returns the CRC-64/Jones, reflected in and out, bit by bit from its definition. */
export function naiveCrc64(text: string): bigint {
  let sum = 0n;
  for (const character of text) {
    for (let bit = 0; bit < 8; bit++) {
      const isSet = (character.charCodeAt(0) >> bit) & 1;
      const top = (sum >> 63n) & 1n;
      sum = (sum << 1n) & 0xffffffffffffffffn;
      if (top !== BigInt(isSet)) sum ^= POLYNOMIAL;
    }
  }
  let reflected = 0n;
  for (let bit = 0n; bit < 64n; bit++) reflected |= ((sum >> bit) & 1n) << (63n - bit);
  return reflected;
}

/** Returns a number in little endian. */
export function le(value: number | bigint, size: number): string {
  let rest = BigInt.asUintN(64, BigInt(value));
  let text = '';
  for (let index = 0; index < size; index++) {
    text += String.fromCharCode(Number(rest & 0xffn));
    rest >>= 8n;
  }
  return text;
}

export function be(value: number | bigint, size: number): string {
  return [...le(value, size)].reverse().join('');
}

/** Returns a length in its shortest form. */
export function len(value: number | bigint): string {
  if (value < 64) return be(value, 1);
  if (value < 16384) return be(0x4000 + Number(value), 2);
  return value < 2 ** 32 ? `\x80${be(value, 4)}` : `\x81${be(value, 8)}`;
}

export function str(text: string): string {
  return len(text.length) + text;
}

export function opcode(number: number): string {
  return String.fromCharCode(number);
}

/** Returns a named text about the file. */
export function aux(name: string, value: string): string {
  return opcode(250) + str(name) + str(value);
}

export function key(type: number, name: string, value: string): string {
  return opcode(type) + str(name) + value;
}

/** Returns a whole file, with its end and its checksum. */
export function image(body: string, magic = 'REDIS0012'): string {
  return withChecksum(`${magic}${body}\xff`);
}

export function withChecksum(text: string): string {
  return text + le(naiveCrc64(text), 8);
}

/** Returns a listpack of texts and numbers. */
export function listpack(entries: readonly (string | number | bigint)[]): string {
  const body = entries.map(listpackEntry).join('');
  return `${le(body.length + 7, 4)}${le(entries.length, 2)}${body}\xff`;
}

export function listpackEntry(entry: string | number | bigint): string {
  const encoded = typeof entry === 'string' ? listpackText(entry) : listpackNumber(BigInt(entry));
  return encoded + lengthBackwards(encoded.length);
}

/** Returns the length after an entry: seven bits a byte, with one byte more than needed at the limits of a width. */
function lengthBackwards(size: number): string {
  const width = [127, 16_382, 2_097_150, 268_435_454].filter((limit) => size > limit).length + 1;
  const digits = Array.from(
    { length: width },
    (_, index) => Math.floor(size / 128 ** (width - 1 - index)) % 128,
  );
  return digits.map((digit, index) => be(index > 0 ? digit | 0x80 : digit, 1)).join('');
}

function listpackText(text: string): string {
  if (text.length < 64) return be(0x80 | text.length, 1) + text;
  return (text.length < 4096 ? be(0xe000 | text.length, 2) : `\xf0${le(text.length, 4)}`) + text;
}

function listpackNumber(value: bigint): string {
  if (value >= 0n && value < 128n) return be(value, 1);
  if (value >= -4096n && value < 4096n) return be(0xc000n | BigInt.asUintN(13, value), 2);
  for (const [mark, size] of [
    ['\xf1', 2],
    ['\xf2', 3],
    ['\xf3', 4],
  ] as const) {
    if (BigInt.asIntN(size * 8, value) === value) return mark + le(value, size);
  }
  return `\xf4${le(value, 8)}`;
}

export function ziplist(entries: readonly (string | number | bigint)[]): string {
  let body = '';
  let previous = 0;
  let tail = 10;
  for (const entry of entries) {
    tail = 10 + body.length;
    const prefix = previous < 254 ? le(previous, 1) : `\xfe${le(previous, 4)}`;
    const text = prefix + (typeof entry === 'string' ? ziplistText(entry) : ziplistNumber(BigInt(entry)));
    previous = text.length;
    body += text;
  }
  return `${le(body.length + 11, 4)}${le(tail, 4)}${le(entries.length, 2)}${body}\xff`;
}

function ziplistText(text: string): string {
  if (text.length < 64) return le(text.length, 1) + text;
  return (text.length < 16384 ? be(0x4000 | text.length, 2) : `\x80${be(text.length, 4)}`) + text;
}

function ziplistNumber(value: bigint): string {
  if (value >= 0n && value <= 12n) return be(0xf1n + value, 1);
  for (const [mark, size] of [
    ['\xfe', 1],
    ['\xc0', 2],
    ['\xf0', 3],
    ['\xd0', 4],
  ] as const) {
    if (BigInt.asIntN(size * 8, value) === value) return mark + le(value, size);
  }
  return `\xe0${le(value, 8)}`;
}

export function intset(width: 2 | 4 | 8, numbers: readonly (number | bigint)[]): string {
  return le(width, 4) + le(numbers.length, 4) + numbers.map((number) => le(number, width)).join('');
}

export function zipmap(pairs: readonly (readonly [string, string])[], unused = 0): string {
  const length = (text: string) => (text.length < 254 ? le(text.length, 1) : `\xfe${le(text.length, 4)}`);
  const body = pairs.map(
    ([field, value]) => length(field) + field + length(value) + le(unused, 1) + value + '?'.repeat(unused),
  );
  return `${le(Math.min(pairs.length, 254), 1)}${body.join('')}\xff`;
}
