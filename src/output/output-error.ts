/** The system codes of a medium that has no space left for the user. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const REFUSED: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** An error of the system while a file was written. The message names the file, the cause and the remedy. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** Runs `action`, whose system errors become output errors about `path`. Node's own do not always name the file. */
export async function aboutOutput<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new OutputError(`${path}: ${causeOf(error)}; ${remedyFor(error)}`);
  }
}

/** Whether an error is Node's report of a failed system call. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** `listen EACCES: permission denied /a/b` -> `EACCES: permission denied` */
function causeOf({ message }: Error): string {
  return /[A-Z][A-Z0-9]+: [a-z][^,/]*[^,/ ]/.exec(message)?.[0] ?? message;
}

function remedyFor({ code = '' }: NodeJS.ErrnoException): string {
  if (FULL.has(code)) return 'free some space, or name a place that has enough';
  if (REFUSED.has(code)) return 'name a place that can be written to';
  if (code === 'ELOOP')
    return 'it is a symbolic link, which is not followed: remove it, or name another place';
  return 'name another place';
}
