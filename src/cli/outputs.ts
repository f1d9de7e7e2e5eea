import { OutputError } from '../output/node.js';

/**
 * The outputs of one command. One that cannot be written is reported at the end, so that the others and the printed
 * result are not lost.
 */
export class Outputs {
  readonly messages: string[] = [];
  readonly errors: Error[] = [];

  /** Writes one output with `action`, which returns its path. */
  async write(what: string, action: () => Promise<string>): Promise<void> {
    try {
      this.messages.push(`${what} written to ${await action()}`);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      this.errors.push(new OutputError(`${what} not written: ${error.message}`));
    }
  }
}

/** Returns one error for the end of a command, with a line for each; undefined if there is none. */
export function joinedErrors(errors: readonly Error[]): Error | undefined {
  if (errors.length <= 1) return errors[0];
  return new OutputError(errors.map(({ message }) => message).join('\nslablab: '));
}
