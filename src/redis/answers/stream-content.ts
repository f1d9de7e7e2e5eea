import { ChunkedList } from './chunked-list.js';

export class StreamContent {
  readonly type = 'stream';
  readonly encoding = 'stream';
  entries = new ChunkedList<never>();

  get size(): number {
    return this.entries.size;
  }

  copy(): StreamContent {
    return this;
  }
}
