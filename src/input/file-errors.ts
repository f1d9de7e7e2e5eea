import { InputError } from '../base/index.js';
/** What the operating system refuses (permissions, a failing disk) becomes an InputError about the path. */
export function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new InputError(`${path}: it cannot be read: ${error.message}; name something that can`);
  }
}
