/** What a server knows of a command without carrying it out. */
export interface CommandInfo {
  /** Lower case. A subcommand is a command of its own, with the parent's name in front: 'config|set'. */
  readonly name: string;
  /** Arguments including the name; negative: at least so many. */
  readonly arity: number;
  /** Refused when eviction cannot make room (the DENYOOM flag). */
  readonly deniedWhenFull?: boolean;
  /** Argument 1 names one of several commands, each of which a server counts by itself. */
  readonly hasSubcommands?: boolean;
  /** Carried out at once inside MULTI instead of being queued. */
  readonly notQueued?: boolean;
}
