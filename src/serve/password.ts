/** The password of a listener. Comparing a guess takes the same time whichever part of it is right. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { InputError, latin1Bytes, utf8AsLatin1 } from '../base/index.js';
import { firstLineOf } from './option-files.js';

const PASSWORD_VARIABLE = 'SLABLAB_PASSWORD';

/** The password of a listener, which is compared in constant time. */
export class Password {
  readonly #digest: Buffer;

  constructor(text: string) {
    this.#digest = digestOf(utf8AsLatin1(text));
  }

  /** Whether the arguments of AUTH are right: a password, or a user and a password. The only user is `default`. */
  admits(given: readonly string[]): boolean {
    const text = given[given.length - 1] ?? '';
    const isRight = timingSafeEqual(this.#digest, digestOf(text));
    return isRight && (given.length === 1 || (given.length === 2 && given[0] === 'default'));
  }
}

/** Returns the digest of a word, which has one character for each byte. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(latin1Bytes(text)).digest();
}

/** Returns the password in the first line of a file or in the environment, or undefined. */
export function findPassword(file: string | undefined, env: NodeJS.ProcessEnv): Password | undefined {
  const text = file === undefined ? env[PASSWORD_VARIABLE] : firstLineOf('--password-file', file);
  if (text === undefined) return undefined;
  if (text === '') {
    const where = file === undefined ? PASSWORD_VARIABLE : `--password-file ${file}`;
    throw new InputError(
      `${where}: the password is empty; give one, or leave it out to listen on loopback only`,
    );
  }
  return new Password(text);
}
