/** Turns lines of MONITOR into commands of the lab's feed, as they arrive. */
import { emptyCommand } from '../commands/index.js';
import { MonitorClients, MonitorLine } from '../input/index.js';
import { CR, LF, respLength, writeResp } from '../resp/index.js';
import type { FeedSink } from './lab-thread.js';
import type { UnseenTraffic } from './unseen-traffic.js';

/** The limit of a line, in which a byte of an argument takes up to four bytes. */
const MAX_LINE_BYTES = 2 ** 31;

/** TaskQueue the output of MONITOR into a feed for the lab. */
export class MonitorFeed {
  readonly #sink: FeedSink;
  readonly #unseen: UnseenTraffic;
  readonly #command = emptyCommand();
  readonly #line = new MonitorLine();
  readonly #clients = new MonitorClients();
  #rest = Buffer.alloc(0);
  #bytes = new Uint8Array(4096);
  #hasStarted = false;

  constructor(sink: FeedSink, unseen: UnseenTraffic) {
    this.#sink = sink;
    this.#unseen = unseen;
  }

  /** Adds bytes of the server, in any chunks. */
  add(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    let from = 0;
    for (let end = all.indexOf(LF); end >= 0; end = all.indexOf(LF, from)) {
      this.#parse(all, from, end > from && all[end - 1] === CR ? end - 1 : end);
      from = end + 1;
    }
    this.#rest = all.subarray(from);
    if (this.#rest.length > MAX_LINE_BYTES) {
      this.#unseen.add(`a line of MONITOR of over ${MAX_LINE_BYTES} bytes was skipped`);
      this.#rest = Buffer.alloc(0);
    }
    this.#sink.flushIfFull();
  }

  /** Returns the lab's number for the client with that address. */
  numberOf(address: string): number {
    return this.#clients.number(address);
  }

  #parse(bytes: Uint8Array, from: number, to: number): void {
    const command = this.#command;
    // This is the server's reply to MONITOR itself.
    if (!this.#hasStarted && to - from === 3) return;
    this.#hasStarted = true;
    const problem = this.#line.parse(command, bytes, from, to);
    if (problem !== undefined) {
      this.#unseen.add(`a line of MONITOR cannot be read: ${problem}`);
      return;
    }
    const { client, database, micros } = this.#line;
    command.client = this.#clients.number(client);
    const select = this.#clients.selectFor(command, database);
    if (select !== undefined) this.#write(select, micros / 1000);
    this.#clients.track(command);
    this.#write(command, micros / 1000);
  }

  #write(command: ReturnType<typeof emptyCommand>, timeMs: number): void {
    const length = respLength(command);
    if (length > this.#bytes.length) this.#bytes = new Uint8Array(2 * length);
    writeResp(command, this.#bytes, 0);
    this.#sink.feed.commands(command.client, timeMs, 0, this.#bytes, 0, length);
  }
}
