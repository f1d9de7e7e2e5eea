import { firstIndexWhere, grown } from '../../base/index.js';
/** The times of commands as plain data: the first command of each moment, ascending, and its virtual milliseconds. */
export interface MomentColumns {
  readonly commands: Float64Array<ArrayBuffer>;
  readonly ms: Float64Array<ArrayBuffer>;
}

/**
 * Keeps the times of commands, an entry for each moment, so that a region needs its command only. A long run has as
 * many moments as milliseconds, and few old regions. Moments without a region are forgotten from time to time.
 */
export class CommandClock {
  #commands = new Float64Array(1024);
  #ms = new Float64Array(1024);
  /** The number of moments. The first is the server's start, with command 0. */
  #count = 1;
  #regions: AllocationTimes | undefined;
  readonly #keepAll: number;

  /** `keepAll` is the number of moments that are kept without a check of the regions. */
  constructor(keepAll = 1 << 20) {
    this.#keepAll = keepAll;
  }

  /** Sets the regions whose moments are kept. */
  serve(regions: AllocationTimes): void {
    this.#regions = regions;
  }

  /** Adds the moment of a command. The commands after it are at that time too, until the next moment. */
  add(command: number, ms: number): void {
    if (this.#commands[this.#count - 1] === command) this.#count--;
    if (this.#count === this.#commands.length) this.#makeRoom();
    this.#commands[this.#count] = command;
    this.#ms[this.#count++] = ms;
  }

  columns(): MomentColumns {
    return { commands: this.#commands.slice(0, this.#count), ms: this.#ms.slice(0, this.#count) };
  }

  get count(): number {
    return this.#count;
  }

  /** Makes room for a moment. All regions are walked only if the moments take a comparable amount of memory. */
  #makeRoom(): void {
    const regions = this.#regions;
    const isWorthIt =
      this.#count >= this.#keepAll && regions !== undefined && this.#count * 4 >= regions.room;
    if (isWorthIt) this.#forgetAllBut(regions);
    if (this.#count * 2 <= this.#commands.length) return;
    this.#commands = grown(this.#commands, this.#count + 1);
    this.#ms = grown(this.#ms, this.#count + 1);
  }

  #forgetAllBut(regions: AllocationTimes): void {
    const commands = this.#commands.subarray(0, this.#count);
    const isNeeded = new Uint8Array(this.#count);
    regions.eachBirth((command) => {
      isNeeded[momentOf(commands, command)] = 1;
    });
    // The last two moments are those of the next command and of the current one.
    isNeeded.fill(1, -2);
    let kept = 0;
    for (let at = 0; at < this.#count; at++) {
      if (isNeeded[at] === 0) continue;
      this.#commands[kept] = this.#commands[at]!;
      this.#ms[kept++] = this.#ms[at]!;
    }
    this.#count = kept;
  }
}

/** Knows the commands in which regions were allocated. */
export interface AllocationTimes {
  /** The number of regions that there is room for. */
  readonly room: number;
  eachBirth(note: (command: number) => void): void;
}

/** Returns the time of a command that has regions, in virtual milliseconds since the server's start. */
export function msOfCommand({ commands, ms }: MomentColumns, command: number): number {
  return ms[momentOf(commands, command)]!;
}

/** Returns the index of the last moment that is not after the command. */
function momentOf(commands: Float64Array, command: number): number {
  return firstIndexWhere(1, commands.length, (at) => commands[at]! > command) - 1;
}
