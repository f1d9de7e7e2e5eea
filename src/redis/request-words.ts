/** What a request is read from, where that is done in one place for the model and for whoever answers. */
export interface RequestWords {
  /** With the command's name. */
  readonly count: number;
  text(index: number): string;
  /** Is argument i this word, in whatever case? `word` in upper case. */
  is(index: number, word: string): boolean;
}

export const SYNTAX_ERROR = 'ERR syntax error';
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
export const NOT_A_FLOAT = 'ERR value is not a valid float';
