import { InputError } from '../base/index.js';
/** What the system refuses in `action` becomes an error that names the culprit among the user's words, and the remedy. */
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

/** "ENOENT: no such file or directory, open 'x.ops'": Node's own message names the cause and the path. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
