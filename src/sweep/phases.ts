import { type Snapshot, totalsOf } from '../engine/snapshot.js';
import type { PhaseAccounts, PhaseResult } from './run-result.js';

/** Turns the snapshots of a run, in stream order, into its phases. */
export class PhaseCollector {
  readonly phases: PhaseResult[] = [];
  #commands = 0;
  #position = 0;

  /** `foreignBytes`: of what is live, what the server does not count as its own. */
  constructor(
    private readonly commandsUpTo: (position: number) => number,
    private readonly foreignBytes: number,
  ) {}

  add(name: string, snapshot: Snapshot, accounts: PhaseAccounts = {}): void {
    const { phase: _, ...totals } = totalsOf(snapshot);
    const { position } = totals;
    const memory = { ...totals.memory, usedMemory: totals.memory.usedMemory - this.foreignBytes };
    const commands = this.commandsUpTo(position);
    this.phases.push({
      name,
      commands: commands - this.#commands,
      operations: position - this.#position,
      ...totals,
      memory,
      ...accounts,
    });
    this.#commands = commands;
    this.#position = position;
  }
}
