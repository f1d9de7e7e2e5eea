/** The outcome of a command at a real server, which the model follows instead of deciding. */
export interface Observed {
  /**
   * 'refused': it was not called. 'failed': it was called, and changed nothing. 'stale': a watched key had changed before
   * EXEC. 'aborted': a command before EXEC was refused.
   */
  readonly outcome: 'executed' | 'refused' | 'failed' | 'stale' | 'aborted';
  /** The indices of the commands of a transaction that the server refused. */
  readonly refusedElements?: ReadonlySet<number>;
}
