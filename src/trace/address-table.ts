/** The values that the table holds for an address that is not live. */
export const UNKNOWN = 0;
export const FREED = 0xffff_ffff;

const FIRST_PLACES = 1 << 12;

/**
 * The handles of live addresses. A freed address stays, so that a second free of it differs from a free of an unknown
 * address. Where freed addresses are most of a full table, they are dropped.
 */
export class AddressTable {
  #low = new Uint32Array(FIRST_PLACES);
  #high = new Uint32Array(FIRST_PLACES);
  #values = new Uint32Array(FIRST_PLACES);
  #used = 0;
  #live = 0;

  get live(): number {
    return this.#live;
  }

  /** The places of the table, most of which may be empty. */
  get places(): number {
    return this.#values.length;
  }

  /** Returns the handle of a live address, FREED or UNKNOWN. */
  get(address: number): number {
    return this.#values[this.#placeOf(address)]!;
  }

  set(address: number, handle: number): void {
    if (this.#used * 2 >= this.#values.length) this.#grow();
    this.#store(address, handle);
  }

  /** Marks an address as freed. Returns what the table held for it. */
  release(address: number): number {
    const place = this.#placeOf(address);
    const before = this.#values[place]!;
    if (before !== UNKNOWN && before !== FREED) {
      this.#values[place] = FREED;
      this.#live--;
    }
    return before;
  }

  #store(address: number, handle: number): void {
    const place = this.#placeOf(address);
    const before = this.#values[place]!;
    if (before === UNKNOWN) {
      this.#used++;
      this.#low[place] = address >>> 0;
      this.#high[place] = Math.floor(address / 0x1_0000_0000);
    }
    if (before === UNKNOWN || before === FREED) this.#live++;
    this.#values[place] = handle;
  }

  #placeOf(address: number): number {
    const low = address >>> 0;
    const high = Math.floor(address / 0x1_0000_0000);
    const mask = this.#values.length - 1;
    let place = Math.imul((low >>> 3) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    place = (place ^ (place >>> 15)) & mask;
    while (this.#values[place] !== UNKNOWN && (this.#low[place] !== low || this.#high[place] !== high)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #grow(): void {
    const before = this.#values;
    const low = this.#low;
    const high = this.#high;
    const keepsFreed = this.#live * 2 >= this.#used || before.length < 1 << 20;
    const places = keepsFreed ? before.length * 2 : before.length;
    this.#values = new Uint32Array(places);
    this.#low = new Uint32Array(places);
    this.#high = new Uint32Array(places);
    this.#used = 0;
    this.#live = 0;
    for (let place = 0; place < before.length; place++) {
      const value = before[place]!;
      if (value === UNKNOWN || (value === FREED && !keepsFreed)) continue;
      const address = high[place]! * 0x1_0000_0000 + low[place]!;
      this.#store(address, value);
      if (value === FREED) this.#live--;
    }
  }
}
