/** A multiple of three, so that pieces join without padding between them, and a number of arguments that engines accept. */
const PIECE = 3 * 2 ** 13;

/** Returns bytes in base64, in Node and in browsers alike. */
export function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE))));
  }
  return pieces.join('');
}
