type Column =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** Returns the column if it holds `length` numbers, else a copy at least half as long again; new numbers are 0. */
export function grown<Of extends Column>(column: Of, length: number): Of {
  if (length <= column.length) return column;
  const Same = column.constructor as new (length: number) => Of;
  const longer = new Same(Math.max(length, column.length + (column.length >>> 1) + 16));
  longer.set(column);
  return longer;
}
