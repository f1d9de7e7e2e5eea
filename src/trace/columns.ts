/** The column itself if it holds `length` words, else a copy at least half as long again (the new words are 0). */
export function grown(column: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= column.length) return column;
  const longer = new Uint32Array(Math.max(length, column.length + (column.length >>> 1) + 16));
  longer.set(column);
  return longer;
}
