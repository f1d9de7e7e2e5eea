/** Bytes of one value that are counted by several of its parts. */
export class ByteCount {
  bytes = 0;
}
