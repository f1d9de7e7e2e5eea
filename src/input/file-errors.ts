import { InputError } from '../base/index.js';
/** Turns a system error in `action`, such as missing permissions, into an input error about the path. */
export function withReadError<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new InputError(`${path}: it cannot be read: ${error.message}; name a readable file`);
  }
}
