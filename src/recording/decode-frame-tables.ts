import { type Column, TABLES, type TableName, type Tables } from './frame-tables.js';
import { type ColumnShape, decodeColumn, type Numbers } from './recording-columns.js';
import { BadContent } from './recording-errors.js';

const ARRAY_TYPES = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array };

/** Pairs of tables that a frame has together. The first pair is in every frame. */
const TABLE_PAIRS: readonly (readonly [TableName, TableName])[] = [
  ['granules', 'unused'],
  ['regions', 'states'],
  ['residents', 'owners'],
];

/**
 * Decodes the columns of a frame. `bytes` has exactly the length that the shapes require. Columns that this version does
 * not know are skipped.
 */
export function decodeTables(shapes: readonly ColumnShape[], bytes: Uint8Array, classes: number): Tables {
  const tables = new Map<TableName, Record<string, Numbers>>();
  let at = 0;
  for (const shape of shapes) {
    const known = columnOf(shape);
    if (known !== undefined) {
      const table = tables.get(shape.of as TableName) ?? {};
      const sizeClass = tables.get('granules')?.sizeClass ?? new Uint32Array(0);
      checkShape(shape, known, table, sizeClass.length);
      const numbers = new ARRAY_TYPES[known.memoryBytes](shape.count);
      decodeColumn(numbers, shape, sizeClass, bytes, at);
      // Checked at once, since other columns are decoded with it.
      if (known === SIZE_CLASS && numbers.some((number) => number >= classes)) {
        throw new BadContent(`a size class beyond the ${classes} there are`);
      }
      table[shape.name] = numbers;
      tables.set(shape.of as TableName, table);
    }
    at += shape.bytes * shape.count;
  }
  checkComplete(tables);
  return tables;
}

const SIZE_CLASS: Column = TABLES.granules[0] as Column;

function columnOf({ of, name }: ColumnShape): Column | undefined {
  if (!Object.hasOwn(TABLES, of)) return undefined;
  return TABLES[of as TableName].find((column) => column.name === name);
}

function checkShape(
  { of, name, count, bytes, from }: ColumnShape,
  { memoryBytes }: Column,
  table: Readonly<Record<string, Numbers>>,
  granules: number,
): void {
  const refuse = (why: string) => new BadContent(`column ${of}.${name} ${why}`);
  if (Object.hasOwn(table, name)) throw refuse('is there twice');
  if (bytes > memoryBytes) throw refuse(`has ${bytes} bytes to a number, of ${memoryBytes}`);
  const first = Object.values(table)[0];
  if (first !== undefined && first.length !== count) {
    throw refuse(`has ${count} rows, where others of the table have ${first.length}`);
  }
  if (from === 'class' && count !== granules) {
    throw refuse(`goes by the size class of ${count} rows, where ${granules} granules have one`);
  }
}

function checkComplete(tables: Tables): void {
  for (const pair of TABLE_PAIRS) {
    const isRequired = pair[0] === 'granules' || pair.some((name) => tables.has(name));
    for (const name of isRequired ? pair : []) {
      const lacks = TABLES[name].find((column) => tables.get(name)?.[column.name] === undefined);
      if (lacks !== undefined) throw new BadContent(`column ${name}.${lacks.name} is missing`);
    }
  }
}
