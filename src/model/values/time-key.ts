/** Returns a time as the key of a radix tree: its lowest `bytes` bytes, from the highest on. */
export function timeKey(time: number, bytes: number): Uint8Array {
  const key = new Uint8Array(bytes);
  let rest = time;
  for (let at = bytes - 1; at >= 0; at--) {
    key[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return key;
}
