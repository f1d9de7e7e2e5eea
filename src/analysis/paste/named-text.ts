/** A text, and the name of its origin for messages. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A line of a text with its number, which starts at 1. Several lines may come from one line of the original. */
export interface PastedLine {
  readonly text: string;
  readonly number: number;
}
