import { type Snapshot, totalsOf } from '../engine/index.js';
import type { PhaseAccounts, PhaseResult } from './run-result.js';

/** Collects the phases of a run from its snapshots, which are added in the order of the stream. */
export class PhaseCollector {
  readonly phases: PhaseResult[] = [];
  #commands = 0;
  #position = 0;

  constructor(private readonly commandsUpTo: (position: number) => number) {}

  add(name: string, snapshot: Snapshot, accounts: PhaseAccounts = {}): void {
    const { phase: _, ...totals } = totalsOf(snapshot);
    const { position } = totals;
    const commands = this.commandsUpTo(position);
    this.phases.push({
      name,
      commands: commands - this.#commands,
      operations: position - this.#position,
      ...totals,
      ...accounts,
    });
    this.#commands = commands;
    this.#position = position;
  }
}
