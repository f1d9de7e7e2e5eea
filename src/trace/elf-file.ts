import { closeSync, openSync, readSync } from 'node:fs';

/** A loaded part of an ELF file. */
interface Segment {
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

/** The facts in the headers and symbol tables of an executable file or a library. */
export interface ElfFile {
  readonly is64Bit: boolean;
  readonly isLittleEndian: boolean;
  /** The loader that the file names; undefined for a static program. */
  readonly interpreter: string | undefined;
  readonly segments: readonly Segment[];
  /** Names of symbols that the file itself defines. */
  readonly defined: ReadonlySet<string>;
  /** Names of symbols that it takes from libraries. */
  readonly undefined: ReadonlySet<string>;
}

const LOAD = 1;
const INTERPRETER = 3;
const SYMBOL_TABLES = [2, 11];
const SYMBOL_BYTES = 24;
const MAX_TABLE_BYTES = 256 << 20;

/** Reads a file. Returns undefined if it is no ELF file, or a damaged one. */
export function readElf(path: string): ElfFile | undefined {
  const fd = openSync(path, 'r');
  try {
    return new ElfReader(fd).read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    closeSync(fd);
  }
}

class ElfReader {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  read(): ElfFile | undefined {
    const head = Buffer.alloc(64);
    const count = readSync(this.#fd, head, 0, 64, 0);
    if (count < 20 || head.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
    const is64Bit = head[4] === 2;
    const isLittleEndian = head[5] === 1;
    const nothing = new Set<string>();
    const unread = { interpreter: undefined, segments: [], defined: nothing, undefined: nothing };
    if (!is64Bit || !isLittleEndian) return { is64Bit, isLittleEndian, ...unread };
    const segments: Segment[] = [];
    let interpreter: string | undefined;
    for (const entry of this.#entries(number(head, 32), head.readUInt16LE(54), head.readUInt16LE(56))) {
      const type = entry.readUInt32LE(0);
      const offset = number(entry, 8);
      const fileBytes = number(entry, 32);
      if (type === LOAD) segments.push({ offset, address: number(entry, 16), fileBytes });
      if (type === INTERPRETER)
        interpreter = this.#bytes(offset, fileBytes).toString('latin1').replace(/\0.*$/s, '');
    }
    const symbols = this.#symbols(
      this.#entries(number(head, 40), head.readUInt16LE(58), head.readUInt16LE(60)),
    );
    return { is64Bit, isLittleEndian, interpreter, segments, ...symbols };
  }

  #symbols(sections: readonly Buffer[]): Pick<ElfFile, 'defined' | 'undefined'> {
    const defined = new Set<string>();
    const missing = new Set<string>();
    for (const section of sections) {
      if (!SYMBOL_TABLES.includes(section.readUInt32LE(4))) continue;
      const names = sections[section.readUInt32LE(40)];
      if (names === undefined) continue;
      const table = this.#bytes(number(section, 24), number(section, 32));
      const texts = this.#bytes(number(names, 24), number(names, 32));
      for (let at = 0; at + SYMBOL_BYTES <= table.length; at += SYMBOL_BYTES) {
        const start = table.readUInt32LE(at);
        const end = texts.indexOf(0, start);
        if (start === 0 || end < 0) continue;
        const name = texts.toString('latin1', start, end).replace(/@.*$/, '');
        (table.readUInt16LE(at + 6) === 0 ? missing : defined).add(name);
      }
    }
    return { defined, undefined: missing };
  }

  #entries(offset: number, entryBytes: number, count: number): Buffer[] {
    if (count === 0 || offset === 0) return [];
    const table = this.#bytes(offset, entryBytes * count);
    return Array.from({ length: count }, (_, index) =>
      table.subarray(index * entryBytes, (index + 1) * entryBytes),
    );
  }

  #bytes(offset: number, length: number): Buffer {
    if (!(length <= MAX_TABLE_BYTES)) throw new RangeError(`a table of ${length} bytes`);
    const bytes = Buffer.alloc(length);
    const count = readSync(this.#fd, bytes, 0, length, offset);
    if (count < length) throw new RangeError('a table beyond the end of the file');
    return bytes;
  }
}

function number(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
