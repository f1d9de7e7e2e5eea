/** What is written to a socket in one turn of the event loop, as few writes: each of many short ones costs as much as all. */
import type { Socket } from 'node:net';

/** Some 200 short commands: enough for a write to cost little, few enough for the server not to wait for them. */
const MOST_GATHERED_BYTES = 8192;
/** Gathered bytes lie in blocks of this: the socket may not have sent all of it when the next ones come. */
const BLOCK_BYTES = 8 * MOST_GATHERED_BYTES;

export class GatheredWrites {
  readonly #socket: Socket;
  readonly #full: () => void;
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  /** Gathered and not written: #block[#from .. #to). */
  #from = 0;
  #to = 0;
  #isAwaited = false;

  /** `full` is told when the socket has taken more than it can send: it emits 'drain' later. */
  constructor(socket: Socket, full: () => void) {
    this.#socket = socket;
    this.#full = full;
  }

  /** Written at the end of this turn at the latest. The bytes may be used again at once if they are gathered. */
  write(bytes: Uint8Array): void {
    if (this.#to + bytes.length > this.#from + MOST_GATHERED_BYTES) this.flush();
    if (bytes.length > MOST_GATHERED_BYTES) {
      this.#send(bytes);
      return;
    }
    if (this.#to + bytes.length > BLOCK_BYTES) {
      this.flush();
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#from = 0;
      this.#to = 0;
    }
    this.#block.set(bytes, this.#to);
    this.#to += bytes.length;
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    setImmediate(this.#turn);
  }

  flush(): void {
    if (this.#to === this.#from) return;
    const gathered = this.#block.subarray(this.#from, this.#to);
    this.#from = this.#to;
    this.#send(gathered);
  }

  readonly #turn = () => {
    this.#isAwaited = false;
    this.flush();
  };

  #send(bytes: Uint8Array): void {
    if (!this.#socket.write(bytes)) this.#full();
  }
}
