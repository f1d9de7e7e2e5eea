/** Reads the recordings of a sweep's cells one after another, and shows its atlas with each map that came. */
import { type CellMap, cellMapOf } from '../../src/map/index.js';
import { type Recording, readRecording } from '../../src/recording/index.js';
import { type Atlas, nameOfCell } from '../../src/report/index.js';
import { bytesOf } from '../files/bytes.js';

/** Returns the bytes of a cell's recording; null if there is none. */
export type OpenCell = (cell: number) => Promise<ReadableStream<Uint8Array> | null>;

export async function growAtlas(
  name: string,
  atlas: Atlas,
  open: OpenCell,
  show: (atlas: Atlas) => void,
): Promise<void> {
  let grown = atlas;
  show(grown);
  for (const { cell } of atlas.cells) {
    const recording = await readCell(name, cell, open);
    if (recording === null || recording.frames.length === 0) continue;
    grown = withMap(grown, cell, mapOf(recording));
    show(grown);
  }
}

function withMap(atlas: Atlas, number: number, map: CellMap): Atlas {
  return { ...atlas, cells: atlas.cells.map((cell) => (cell.cell === number ? { ...cell, map } : cell)) };
}

function mapOf({ frames, info }: Recording): CellMap {
  return cellMapOf(
    frames.map(({ snapshot }) => snapshot),
    info,
  );
}

/** Returns the recording of a cell; null if there is none. */
export async function readCell(name: string, cell: number, open: OpenCell): Promise<Recording | null> {
  const stream = await open(cell);
  if (stream === null) return null;
  const { recording } = await readRecording(bytesOf(stream), { name: nameOfCell(name, cell) });
  return recording;
}
