import { InputError } from '../base/index.js';
import { isSystemError, OutputError } from '../output/node.js';

/** Turns a system error in `action` into an input error, which names the user's `culprit` and the `remedy`. */
export async function withInputError<T>(
  culprit: string,
  remedy: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new InputError(`${culprit}: ${error.message}; ${remedy}`);
  }
}

/** Names the option at the beginning of an error about the output that it names. */
export async function aboutOption<T>(option: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof OutputError) throw new OutputError(`${option} ${error.message}`);
    if (error instanceof InputError) throw new InputError(`${option} ${error.message}`);
    throw error;
  }
}
