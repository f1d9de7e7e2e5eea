import type { Socket } from 'node:net';

/** The limit of one write, about 200 short commands. More would make the server wait for them. */
const MAX_WRITE_BYTES = 8192;
/** The size of a block. Earlier writes in a block may still be unsent, so a block has room for several. */
const BLOCK_BYTES = 8 * MAX_WRITE_BYTES;

/** Coalesces the writes of one turn of the event loop, since every write has a fixed cost. */
export class CoalescedWrites {
  readonly #socket: Socket;
  readonly #full: () => void;
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  /** The start of the unwritten bytes, which are #block[#from .. #to). */
  #from = 0;
  #to = 0;
  #isAwaited = false;

  /** Coalesces writes to a socket. `full` is called at backpressure; the socket emits 'drain' later. */
  constructor(socket: Socket, full: () => void) {
    this.#socket = socket;
    this.#full = full;
  }

  /** Writes bytes at the end of this turn at the latest. Coalesced bytes are copied. */
  write(bytes: Uint8Array): void {
    if (this.#to + bytes.length > this.#from + MAX_WRITE_BYTES) this.flush();
    if (bytes.length > MAX_WRITE_BYTES) {
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
    const coalesced = this.#block.subarray(this.#from, this.#to);
    this.#from = this.#to;
    this.#send(coalesced);
  }

  readonly #turn = () => {
    this.#isAwaited = false;
    this.flush();
  };

  #send(bytes: Uint8Array): void {
    if (!this.#socket.write(bytes)) this.#full();
  }
}
