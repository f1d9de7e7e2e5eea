/** The words of a request, as the model and the store both give them to the parsers of requests. */
export interface RequestWords {
  /** The error for a timeout that is no 64-bit integer, if it is not the usual one. */
  readonly timeoutOverflow?: string | undefined;
  /** The command's name in lower case, with its container's in front: 'config|set'. */
  readonly name: string;
  /** The number of words, the command's name included. */
  readonly count: number;
  text(index: number): string;
  /** Whether a word is `word`, in any case. `word` is in upper case. */
  is(index: number, word: string): boolean;
  /** Returns a word as a 64-bit integer, beyond 2^53 as the nearest number; undefined if it is none. */
  integer(index: number): number | undefined;
}

/** Returns the meaning of a word among words in upper case; undefined if it is none of them. */
export function meaningAt<Meaning>(
  words: RequestWords,
  index: number,
  meanings: Readonly<Record<string, Meaning>>,
): Meaning | undefined {
  for (const word in meanings) if (words.is(index, word)) return meanings[word];
  return undefined;
}
