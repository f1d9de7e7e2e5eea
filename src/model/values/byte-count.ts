/** Bytes of one value that are counted by several of its parts. */
export class Tally {
  bytes = 0;
}
