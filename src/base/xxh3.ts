/** The 64-bit digest of XXH3 with seed 0, as Redis replies it to DIGEST. */

const MASK = 2n ** 64n - 1n;
const LOW = 2n ** 32n - 1n;
const [P32_1, P32_2, P32_3] = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn];
const P64_1 = 0x9e3779b185ebca87n;
const P64_2 = 0xc2b2ae3d27d4eb4fn;
const P64_3 = 0x165667b19e3779f9n;
const P64_4 = 0x85ebca77c2b2ae63n;
const P64_5 = 0x27d4eb2f165667c5n;
const MIX_1 = 0x165667919e3779f9n;
const MIX_2 = 0x9fb21c651e98df25n;
const STRIPE = 64;
/** Stripes of a block, each with a key that begins 8 bytes later. */
const STRIPES = 16;
const LAST_KEY = 121;

const SECRET_HEX =
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221' +
  'b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8' +
  'fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb17' +
  '0ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e';

const SECRET = new DataView(new ArrayBuffer(SECRET_HEX.length / 2));
for (let at = 0; at < SECRET.byteLength; at++) {
  SECRET.setUint8(at, Number.parseInt(SECRET_HEX.slice(2 * at, 2 * at + 2), 16));
}

/** Returns the digest of bytes as 16 hexadecimal digits. */
export function xxh3(bytes: Uint8Array): string {
  return hashOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))
    .toString(16)
    .padStart(16, '0');
}

function hashOf(data: DataView): bigint {
  const length = data.byteLength;
  if (length === 0) return avalanche64(key(56) ^ key(64));
  if (length <= 3) return upTo3(data);
  if (length <= 8) return upTo8(data);
  if (length <= 16) return upTo16(data);
  if (length <= 128) return upTo128(data);
  return length <= 240 ? upTo240(data) : long(data);
}

function upTo3(data: DataView): bigint {
  const length = data.byteLength;
  const [first, middle, last] = [data.getUint8(0), data.getUint8(length >> 1), data.getUint8(length - 1)];
  const combined = BigInt(((middle << 24) | (first << 16) | (length << 8) | last) >>> 0);
  return avalanche64(combined ^ (key(0) & LOW) ^ (key(0) >> 32n));
}

function upTo8(data: DataView): bigint {
  const length = data.byteLength;
  const word = (BigInt(data.getUint32(0, true)) << 32n) + BigInt(data.getUint32(length - 4, true));
  let hash = word ^ key(8) ^ key(16);
  hash ^= rotated(hash, 49n) ^ rotated(hash, 24n);
  hash = (hash * MIX_2) & MASK;
  hash ^= (hash >> 35n) + BigInt(length);
  hash = (hash * MIX_2) & MASK;
  return hash ^ (hash >> 28n);
}

function upTo16(data: DataView): bigint {
  const length = data.byteLength;
  const low = wordAt(data, 0) ^ key(24) ^ key(32);
  const high = wordAt(data, length - 8) ^ key(40) ^ key(48);
  return avalanche(BigInt(length) + swapped(low) + high + folded(low, high));
}

function upTo128(data: DataView): bigint {
  const length = data.byteLength;
  let sum = BigInt(length) * P64_1;
  for (let pair = (length - 1) >> 5; pair >= 0; pair--) {
    sum += mixed(data, 16 * pair, 32 * pair) + mixed(data, length - 16 * (pair + 1), 32 * pair + 16);
  }
  return avalanche(sum);
}

function upTo240(data: DataView): bigint {
  const length = data.byteLength;
  let sum = BigInt(length) * P64_1;
  for (let at = 0; at < 128; at += 16) sum += mixed(data, at, at);
  sum = avalanche(sum);
  for (let at = 128; at + 16 <= length; at += 16) sum += mixed(data, at, at - 128 + 3);
  return avalanche(sum + mixed(data, length - 16, 119));
}

function long(data: DataView): bigint {
  const length = data.byteLength;
  const sums = [P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1];
  const blockBytes = STRIPE * STRIPES;
  let at = 0;
  for (let stripe = 0; at < length - STRIPE; at += STRIPE) {
    addStripe(sums, data, at, 8 * stripe++);
    if (stripe < STRIPES || at + STRIPE > Math.floor((length - 1) / blockBytes) * blockBytes) continue;
    scramble(sums);
    stripe = 0;
  }
  addStripe(sums, data, length - STRIPE, LAST_KEY);
  let sum = BigInt(length) * P64_1;
  for (let pair = 0; pair < 4; pair++) {
    sum += folded(sums[2 * pair]! ^ key(11 + 16 * pair), sums[2 * pair + 1]! ^ key(19 + 16 * pair));
  }
  return avalanche(sum);
}

function addStripe(sums: bigint[], data: DataView, at: number, from: number): void {
  for (let index = 0; index < 8; index++) {
    const word = wordAt(data, at + 8 * index);
    const keyed = word ^ key(from + 8 * index);
    sums[index ^ 1] = (sums[index ^ 1]! + word) & MASK;
    sums[index] = (sums[index]! + (keyed & LOW) * (keyed >> 32n)) & MASK;
  }
}

function scramble(sums: bigint[]): void {
  for (const [index, sum] of sums.entries()) {
    sums[index] = ((sum ^ (sum >> 47n) ^ key(128 + 8 * index)) * P32_1) & MASK;
  }
}

function wordAt(data: DataView, at: number): bigint {
  return data.getBigUint64(at, true);
}

function key(at: number): bigint {
  return SECRET.getBigUint64(at, true);
}

function mixed(data: DataView, at: number, from: number): bigint {
  return folded(wordAt(data, at) ^ key(from), wordAt(data, at + 8) ^ key(from + 8));
}

function folded(left: bigint, right: bigint): bigint {
  const product = left * right;
  return (product & MASK) ^ (product >> 64n);
}

function rotated(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK;
}

function swapped(value: bigint): bigint {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigUint64(0, value, true);
  return bytes.getBigUint64(0, false);
}

function avalanche(sum: bigint): bigint {
  let hash = sum & MASK;
  hash ^= hash >> 37n;
  hash = (hash * MIX_1) & MASK;
  return hash ^ (hash >> 32n);
}

function avalanche64(value: bigint): bigint {
  let hash = value ^ (value >> 33n);
  hash = (hash * P64_2) & MASK;
  hash ^= hash >> 29n;
  hash = (hash * P64_3) & MASK;
  return hash ^ (hash >> 32n);
}
