/** What answers are said to: RESP2 or RESP3, of which only the latter has maps. */
export interface ReplyWriter {
  status(text: string): void;
  error(message: string): void;
  integer(value: number): void;
  bulk(text: string): void;
  nil(): void;
  array(count: number): void;
  /** `pairs` names, each followed by its value. */
  map(pairs: number): void;
}
