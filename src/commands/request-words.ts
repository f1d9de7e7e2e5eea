/** What a request is read from, where that is done in one place for the model and for whoever answers. */
export interface RequestWords {
  /** With the command's name. */
  readonly count: number;
  text(index: number): string;
  /** Is argument i this word, in whatever case? `word` in upper case. */
  is(index: number, word: string): boolean;
}

/** What argument `index` stands for, of words in upper case; undefined: it is none of them. */
export function meaningAt<Meaning>(
  words: Pick<RequestWords, 'is'>,
  index: number,
  meanings: Readonly<Record<string, Meaning>>,
): Meaning | undefined {
  const word = Object.keys(meanings).find((known) => words.is(index, known));
  return word === undefined ? undefined : meanings[word];
}

export const SYNTAX_ERROR = 'ERR syntax error';
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
export const NOT_A_FLOAT = 'ERR value is not a valid float';
