import { InputError } from '../base/index.js';

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

/** Whether an error is Node's report of a failed system call. Its message names the cause and the path. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
