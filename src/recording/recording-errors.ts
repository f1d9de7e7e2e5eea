import { InputError } from '../base/index.js';
/** What is wrong with a file: what a page says beside the message, and what a program may decide by. */
export type Damage = 'not-a-recording' | 'newer' | 'truncated' | 'damaged' | 'too-large';

/** The message names the file, the record, the byte and the remedy. */
export class RecordingError extends InputError {
  constructor(
    readonly damage: Damage,
    /** First byte of what is wrong: of the record, mostly. */
    readonly byte: number,
    message: string,
  ) {
    super(message);
  }
}

/** Within a record; whoever reads the file knows which, and says so. */
export class BadContent extends Error {}
