/** The cells of a sweep on disk, packed, so that memory does not grow with their runs. */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SweepCell } from './sweep-result.js';

interface Place {
  readonly at: number;
  readonly bytes: number;
}

export class CellShelf {
  /** The places of cells in the file. Those that the disk does not take stay in memory. */
  readonly #places = new Map<number, Place | Buffer>();
  #end = 0;

  private constructor(private readonly file: number) {}

  /** Makes a shelf in a directory. Its file has no name, so that nothing stays of it after the process. */
  static in(directory: string): CellShelf {
    const path = join(directory, `cells-${randomUUID()}`);
    const file = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return new CellShelf(file);
  }

  /** Takes a cell. Returns it with the totals of its last phase alone, which reports print. */
  put(cell: SweepCell): SweepCell {
    if (cell.run === null) return cell;
    const packed = deflateRawSync(JSON.stringify(cell), { level: 1 });
    this.#places.set(
      cell.cell,
      this.#write(packed) ? { at: this.#end - packed.length, bytes: packed.length } : packed,
    );
    const last = cell.run.phases.slice(-1).map(({ owners: _, types: __, ...phase }) => {
      return { ...phase, bins: [], large: [] };
    });
    return { ...cell, run: { ...cell.run, phases: last } };
  }

  /** Returns the whole of a cell. */
  whole(cell: SweepCell): SweepCell {
    const place = this.#places.get(cell.cell);
    if (place === undefined) return cell;
    const packed = Buffer.isBuffer(place) ? place : this.#read(place);
    return JSON.parse(inflateRawSync(packed).toString('utf8')) as SweepCell;
  }

  /** Yields the whole of each cell, of which memory has one at a time. */
  *wholes(cells: Iterable<SweepCell>): Generator<SweepCell> {
    for (const cell of cells) yield this.whole(cell);
  }

  close(): void {
    closeSync(this.file);
  }

  /** Appends bytes. Returns whether the disk took all of them. */
  #write(packed: Buffer): boolean {
    try {
      for (let done = 0; done < packed.length; ) {
        done += writeSync(this.file, packed, done, packed.length - done, this.#end + done);
      }
    } catch {
      return false;
    }
    this.#end += packed.length;
    return true;
  }

  #read({ at, bytes }: Place): Buffer {
    const packed = Buffer.alloc(bytes);
    for (let done = 0; done < bytes; ) {
      const got = readSync(this.file, packed, done, bytes - done, at + done);
      if (got === 0) throw new Error('the file of finished cells was cut short');
      done += got;
    }
    return packed;
  }
}
