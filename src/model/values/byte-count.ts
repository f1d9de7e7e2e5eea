/** Bytes of one value, counted by several of its parts. */
export class ByteCount {
  bytes = 0;
}
