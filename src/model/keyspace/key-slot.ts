/** The slot of a key in a cluster is the CRC-16 (XMODEM) of its name, or of the text between the first { and }. */
export const SLOTS = 16_384;

const OPEN = 0x7b;
const CLOSE = 0x7d;
const POLYNOMIAL = 0x1021;
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

export function keySlot(bytes: Uint8Array, from: number, length: number): number {
  const end = from + length;
  let crc = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === OPEN) return tagSlot(bytes, from, end, at);
    crc = ((crc << 8) ^ TABLE[(crc >> 8) ^ byte]!) & 0xffff;
  }
  return crc % SLOTS;
}

/** Returns the slot of a name with a { at `open`. */
function tagSlot(bytes: Uint8Array, from: number, end: number, open: number): number {
  let close = open + 1;
  while (close < end && bytes[close] !== CLOSE) close++;
  const isTag = close < end && close > open + 1;
  return (isTag ? crc16(bytes, open + 1, close) : crc16(bytes, from, end)) % SLOTS;
}

function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at++) {
    crc = ((crc << 8) ^ TABLE[(crc >> 8) ^ bytes[at]!]!) & 0xffff;
  }
  return crc;
}
