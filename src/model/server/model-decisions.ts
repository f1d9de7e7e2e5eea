import type { ChosenMember } from '../values/index.js';
/** What the model did that follows from no argument: whoever answers in its place is to be told, in the same order. */
export interface ModelDecisions {
  /** Keys that had to go before the command. */
  readonly evicted?: readonly { readonly database: number; readonly name: Uint8Array }[];
  /** There was no room for the command: it was refused. */
  readonly isFull?: boolean;
  /** Members that SPOP took, in order, those of a whole transaction one after the other. */
  readonly popped?: readonly ChosenMember[];
}

/** Of one command. */
export class DecisionLog implements ModelDecisions {
  readonly evicted: { readonly database: number; readonly name: Uint8Array }[] = [];
  isFull = false;
  readonly popped: ChosenMember[] = [];
}
