import { scoreReply } from '../model/index.js';
import { ReplyWriter } from '../resp/index.js';
import { notSupported } from './reply-error.js';

/** Writes the store's replies, whose limits are errors for the client. */
export class StoreReply extends ReplyWriter {
  constructor() {
    super(2, notSupported);
  }

  score(value: number, shortest: boolean): void {
    this.double(scoreReply(value, shortest));
  }
}
