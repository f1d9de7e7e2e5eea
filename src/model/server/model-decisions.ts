import type { ChosenMember } from '../values/index.js';
/**
 * Reports decisions of the model that follow from no argument. A server that answers in its place repeats them in
 * order.
 */
export interface ModelDecisions {
  /** Keys that were evicted before the command. */
  readonly evicted?: readonly { readonly database: number; readonly name: Uint8Array }[];
  /** Whether the command was refused because memory was full. */
  readonly isFull?: boolean;
  /** Members that SPOP removed, in order, including those of a whole transaction. */
  readonly popped?: readonly ChosenMember[];
}

/** Records the decisions of one command. */
export class DecisionLog implements ModelDecisions {
  readonly evicted: { readonly database: number; readonly name: Uint8Array }[] = [];
  isFull = false;
  readonly popped: ChosenMember[] = [];
}
