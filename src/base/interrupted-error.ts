/** The end of a command by a signal. What was measured before it stays. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  /** `rest` continues the message: what was kept, and how to go on. */
  constructor(
    readonly signalName: string,
    rest = '',
  ) {
    super(`interrupted by ${signalName}${rest}`);
  }
}
