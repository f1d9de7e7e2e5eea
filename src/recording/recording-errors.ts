import { InputError } from '../base/index.js';

/** Kinds of fault in a recording, for programs to decide by. */
export type Damage = 'not-a-recording' | 'newer' | 'truncated' | 'damaged' | 'too-large';

/** A fault in a recording. The message names the file, the record, the byte and the remedy. */
export class RecordingError extends InputError {
  constructor(
    readonly damage: Damage,
    /** First byte of the fault, mostly that of the record. */
    readonly byte: number,
    message: string,
  ) {
    super(message);
  }
}

/** A fault in the contents of a record. Readers turn it into a RecordingError that names the record. */
export class BadContent extends Error {}
