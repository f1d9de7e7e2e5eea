import { firstIndexWhere, grown } from '../../base/index.js';
/** When commands were, as plain data: the first command of each moment, ascending, and its virtual milliseconds. */
export interface MomentColumns {
  readonly commands: Float64Array<ArrayBuffer>;
  readonly ms: Float64Array<ArrayBuffer>;
}

/**
 * When commands were: an entry for each time that commands came at, so that a region needs to know its command only. A server that lives long sees as many times as it has milliseconds, and few of its regions are old:
 * now and then those that no region is from are forgotten.
 */
export class CommandClock {
  #commands = new Float64Array(1024);
  #ms = new Float64Array(1024);
  /** The first is the server's start, with command 0. */
  #count = 1;
  #regions: AllocationTimes | undefined;
  readonly #keepAll: number;

  /** `keepAll`: how many are kept without a look at the regions. */
  constructor(keepAll = 1 << 20) {
    this.#keepAll = keepAll;
  }

  /** Those that have to be known for good are the ones of these regions. */
  serve(regions: AllocationTimes): void {
    this.#regions = regions;
  }

  /** The command with that number is at that time, and so are all that follow until there is word of another. */
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

  /** To look at every region takes its time: it is done only where that may be worth as much memory as they take. */
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
    // The next command's, and that of the one that is still going on.
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

/** The commands that regions are from. */
export interface AllocationTimes {
  /** Regions that there is room for. */
  readonly room: number;
  eachBirth(note: (command: number) => void): void;
}

/** When the command was, in virtual milliseconds since the server's start; one that regions are from. */
export function msOfCommand({ commands, ms }: MomentColumns, command: number): number {
  return ms[momentOf(commands, command)]!;
}

/** Index of the last that is not later. */
function momentOf(commands: Float64Array, command: number): number {
  return firstIndexWhere(1, commands.length, (at) => commands[at]! > command) - 1;
}
