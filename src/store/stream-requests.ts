import type { StreamId } from '../commands/index.js';

/** The requests of producers that a stream remembers, so that each is carried out once. */
export class StreamRequests {
  readonly #producers = new Map<string, Map<string, StreamId>>();
  added = 0;
  repeated = 0;

  constructor(
    /** Seconds for which a request is remembered. */
    public duration: number,
    /** The most requests of a producer that are remembered. */
    public most: number,
  ) {}

  get producers(): number {
    return this.#producers.size;
  }

  get size(): number {
    return [...this.#producers.values()].reduce((sum, requests) => sum + requests.size, 0);
  }

  idOf(producer: string, request: string): StreamId | undefined {
    return this.#producers.get(producer)?.get(request);
  }

  /** Remembers a request, and forgets the oldest one of its producer if there are too many. */
  remember(producer: string, request: string, id: StreamId): void {
    const requests = this.#producers.get(producer) ?? new Map<string, StreamId>();
    this.#producers.set(producer, requests);
    requests.set(request, id);
    this.added++;
    const [oldest] = requests.keys();
    if (requests.size > this.most && oldest !== undefined) requests.delete(oldest);
  }

  /** Changes the limits; a change forgets all requests. */
  configure(duration = this.duration, most = this.most): boolean {
    const isChanged = duration !== this.duration || most !== this.most;
    this.duration = duration;
    this.most = most;
    if (isChanged) this.#producers.clear();
    return isChanged;
  }

  /** Forgets the requests that are older than the limit, and producers without any. */
  expire(nowMs: number): void {
    for (const [producer, requests] of this.#producers) {
      for (const [request, id] of requests) {
        if (Number(id.ms) > nowMs - this.duration * 1000) break;
        requests.delete(request);
      }
      if (requests.size === 0) this.#producers.delete(producer);
    }
  }

  copy(): StreamRequests {
    const copy = new StreamRequests(this.duration, this.most);
    for (const [producer, requests] of this.#producers) copy.#producers.set(producer, new Map(requests));
    return copy;
  }
}
