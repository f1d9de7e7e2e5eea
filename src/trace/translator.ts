import { grown } from '../base/index.js';
import { MAX_SIZE, type OpChunk, OpWriter } from '../stream/index.js';
import { AddressTable, FREED, UNKNOWN } from './address-table.js';

/** Counts of calls that operations cannot show, or that no correct program makes. */
export interface TraceCounts {
  /** Calls of the program, with those that are left out. */
  calls: number;
  /** Frees and resizes of addresses that no recorded call had returned. */
  unknownFrees: number;
  doubleFrees: number;
  /** Addresses that were returned again although no free of them was recorded. */
  impliedFrees: number;
  failedCalls: number;
  /** Regions above the largest size of an operation, which are left out. */
  tooLarge: number;
  /** Calls with an arena or a tcache of their own, which are taken as ordinary ones. */
  placed: number;
  /** Sized frees with another size than the one requested, which are taken as plain frees. */
  wrongSizes: number;
  threads: number;
}

/** Stands for a region that is too large for an operation. */
const TOO_LARGE = 0xffff_fffe;
const NO_THREAD = -1;
/** A flag above every size. */
const ALIGNED = 0x8000_0000;

export type Allocation = 'malloc' | 'calloc' | 'mallocNoTcache';

/** Turns the calls of a program, in their order, into operations: addresses become handles. */
export class Translator {
  readonly counts: TraceCounts = {
    calls: 0,
    unknownFrees: 0,
    doubleFrees: 0,
    impliedFrees: 0,
    failedCalls: 0,
    tooLarge: 0,
    placed: 0,
    wrongSizes: 0,
    threads: 0,
  };
  readonly #writer = new OpWriter();
  readonly #addresses = new AddressTable();
  /** The size last requested for each handle, and whether the region is aligned. */
  #sizes = new Uint32Array(1024);
  #liveBytes = 0;
  #mostBytes = 0;
  #peakAt = 0;
  /** Numbers of simulated threads by the program's, and those that are free again. */
  readonly #threads = new Map<number, number>();
  readonly #freeThreads: number[] = [];
  #threadsEnd = 0;
  /** The simulated thread that the lab is in: the first one at the beginning, none after the end of the current one. */
  #thread = 0;
  #ms = 0;

  get operations(): number {
    return this.#writer.position;
  }

  /** Number of operations after which the live regions had asked for most bytes. 0: there was no region. */
  get peakAt(): number {
    return this.#peakAt;
  }

  get isFull(): boolean {
    return this.#writer.full;
  }

  takeFull(): OpChunk[] {
    return this.#writer.takeFull();
  }

  /** Ends the stream with a sweep of phase 0. */
  finish(): OpChunk[] {
    if (this.#thread === NO_THREAD) this.#resume();
    this.#writer.sweep(0);
    return this.#writer.takeAll();
  }

  /** Moves the virtual clock on to a time of at least a millisecond later. */
  time(ms: number): void {
    const passed = Math.floor(ms) - this.#ms;
    if (passed < 1) return;
    this.#ms += passed;
    for (let left = passed; left > 0; left -= 0xffff_ffff) this.#writer.advance(Math.min(left, 0xffff_ffff));
  }

  /** Continues as a thread of the program. */
  thread(number: number): void {
    let simulated = this.#threads.get(number);
    if (simulated === undefined) {
      simulated = this.#freeThreads.pop() ?? this.#threadsEnd++;
      this.#threads.set(number, simulated);
      this.counts.threads++;
    }
    if (simulated === this.#thread) return;
    this.#writer.thread(simulated);
    this.#thread = simulated;
  }

  threadEnd(number: number): void {
    const simulated = this.#threads.get(number);
    // The first simulated thread is the lab's own and stays.
    if (simulated === undefined || simulated === 0) return;
    this.#threads.delete(number);
    this.#freeThreads.push(simulated);
    this.#writer.threadEnd(simulated);
    if (simulated === this.#thread) this.#thread = NO_THREAD;
  }

  /** Continues as any thread, for calls of a thread that has ended. */
  anyThread(): void {
    if (this.#thread === NO_THREAD) this.#resume();
  }

  obtain(how: Allocation, address: number, sizeBytes: number, owner: number): void {
    this.counts.calls++;
    if (this.#isTooLarge(address, sizeBytes)) return;
    const size = Math.max(sizeBytes, 1);
    this.#makeFree(address);
    this.#place(address, this.#writer[how](size, owner), size);
  }

  obtainAligned(address: number, alignmentLog2: number, sizeBytes: number, owner: number): void {
    if (alignmentLog2 < 3) {
      this.obtain('malloc', address, sizeBytes, owner);
      return;
    }
    this.counts.calls++;
    if (alignmentLog2 > 30 || this.#isTooLarge(address, sizeBytes)) {
      if (alignmentLog2 > 30) this.#leaveOut(address);
      return;
    }
    const size = Math.max(sizeBytes, 1);
    this.#makeFree(address);
    const handle = this.#writer.aligned(alignmentLog2, size, owner);
    this.#place(address, handle, size);
    this.#sizes[handle] = (ALIGNED | size) >>> 0;
  }

  /** Frees an address. A size is that of a sized free. */
  release(address: number, how: 'free' | 'freeNoTcache', sizeBytes?: number): void {
    this.counts.calls++;
    const handle = this.#addresses.release(address);
    if (!this.#isHandle(handle)) return;
    const size = this.#sizeOf(handle);
    this.#liveBytes -= size;
    if (sizeBytes !== undefined && Math.max(sizeBytes, 1) !== size) this.counts.wrongSizes++;
    // A sized free without the alignment would name another size class; jemalloc does the same for a plain one.
    else if (sizeBytes !== undefined && how === 'free' && this.#sizes[handle]! < ALIGNED) {
      this.#writer.freeSized(handle, size);
      return;
    }
    this.#writer[how](handle);
  }

  /** Begins a resize: the address can be returned to others from now on. Returns what `endResize` needs. */
  beginResize(address: number): number {
    return this.#addresses.release(address);
  }

  /** Ends a resize of what beginResize returned. An address of 0 means that the region was freed. */
  endResize(
    how: 'realloc' | 'rallocx',
    began: number,
    address: number,
    sizeBytes: number,
    owner: number,
  ): void {
    if (began === UNKNOWN || began === FREED || began === TOO_LARGE) {
      if (began === UNKNOWN) this.counts.unknownFrees++;
      if (began === FREED) this.counts.doubleFrees++;
      if (address === 0) this.counts.calls++;
      else this.obtain('malloc', address, sizeBytes, owner);
      return;
    }
    this.counts.calls++;
    this.#liveBytes -= this.#sizeOf(began);
    if (address === 0 || this.#isTooLarge(address, sizeBytes)) {
      this.#writer.free(began);
      return;
    }
    const size = Math.max(sizeBytes, 1);
    this.#makeFree(address);
    this.#writer[how](began, size, owner);
    this.#place(address, began, size);
  }

  resizeInPlace(address: number, sizeBytes: number, owner: number): void {
    this.counts.calls++;
    const handle = this.#addresses.get(address);
    if (!this.#isHandle(handle)) return;
    if (sizeBytes < 1 || sizeBytes > MAX_SIZE) {
      this.counts.tooLarge++;
      return;
    }
    this.#writer.xallocx(handle, sizeBytes, owner);
    this.#liveBytes -= this.#sizeOf(handle);
    this.#live(handle, sizeBytes);
  }

  failed(): void {
    this.counts.calls++;
    this.counts.failedCalls++;
  }

  placed(): void {
    this.counts.placed++;
  }

  /** Whether a value of the table is a handle. Counts it if it is not. */
  #isHandle(value: number): boolean {
    if (value === UNKNOWN) this.counts.unknownFrees++;
    else if (value === FREED) this.counts.doubleFrees++;
    else return value !== TOO_LARGE;
    return false;
  }

  #isTooLarge(address: number, sizeBytes: number): boolean {
    if (sizeBytes <= MAX_SIZE) return false;
    this.#leaveOut(address);
    return true;
  }

  #leaveOut(address: number): void {
    this.counts.tooLarge++;
    this.#makeFree(address);
    this.#addresses.set(address, TOO_LARGE);
  }

  /** Frees a region whose address is returned again: its own free was not recorded. */
  #makeFree(address: number): void {
    const handle = this.#addresses.get(address);
    if (handle === UNKNOWN || handle === FREED) return;
    this.counts.impliedFrees++;
    if (handle === TOO_LARGE) return;
    this.#liveBytes -= this.#sizeOf(handle);
    this.#writer.free(handle);
  }

  #place(address: number, handle: number, sizeBytes: number): void {
    this.#addresses.set(address, handle);
    this.#live(handle, sizeBytes);
  }

  /** Notes the size of a region whose operation has been written. */
  #live(handle: number, sizeBytes: number): void {
    if (handle >= this.#sizes.length) this.#sizes = grown(this.#sizes, handle + 1);
    this.#sizes[handle] = sizeBytes;
    this.#liveBytes += sizeBytes;
    if (this.#liveBytes <= this.#mostBytes) return;
    this.#mostBytes = this.#liveBytes;
    this.#peakAt = this.#writer.position;
  }

  #sizeOf(handle: number): number {
    return (this.#sizes[handle]! & ~ALIGNED) >>> 0;
  }

  #resume(): void {
    this.#thread = 0;
    this.#threadsEnd = Math.max(this.#threadsEnd, 1);
    this.#writer.thread(0);
  }
}
