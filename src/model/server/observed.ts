/** The outcome of a command at a real server, which the model follows instead of deciding. */
export interface Observed {
  /**
   * A refused command was not called. A failed one was called, and changed nothing. The value of a key met the condition of
   * a command, or did not meet it. The last two are of EXEC: a watched key had changed, or a command before it was
   * refused.
   */
  readonly outcome: 'executed' | 'refused' | 'failed' | 'met' | 'unmet' | 'stale' | 'aborted';
  /** The indices of the commands of a transaction that the server refused. */
  readonly refusedElements?: ReadonlySet<number>;
}
