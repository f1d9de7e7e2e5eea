/** The rows of a result of any kind, as plain figures for CSV and for the table of a page. */
import { csvOf } from './csv.js';

/** A result by the kind in its schema, and the list in it that has a row for each of its parts. */
const LISTS: Readonly<Record<string, (result: Fields) => unknown>> = {
  'slablab.run': ({ phases }) => phases,
  'slablab.sweep': ({ cells }) => (cells as Fields[]).map(({ run: _, ...cell }) => cell),
  'slablab.bench': ({ comparison, cases }) => movementsOf(comparison) ?? cases,
  'slablab.comparison': (comparison) => movementsOf(comparison),
  'slablab.advice': ({ remedies }) => remedies,
  'slablab.size': ({ policies, dataSet, input }) =>
    (policies as unknown[]).length > 0 ? policies : [dataSet ?? input],
  'slablab.explain': ({ parts }) => parts,
  'slablab.verify': ({ phases }) => phases,
  'slablab.workloads': ({ workloads }) => workloads,
};

type Fields = Readonly<Record<string, unknown>>;

/** Rows with the titles of their columns. A row that lacks a figure has an empty field. */
export interface ResultRows {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Returns the rows of a result. One without a list is a single row. */
export function resultRows(result: unknown): ResultRows {
  const fields = Object(result) as Fields;
  const kind = String(fields.schema ?? '').split('/')[0]!;
  const list = LISTS[kind]?.(fields) ?? [fields];
  const records = (list as unknown[]).map((row) => new Map(flattened('', row)));
  const titles = [...new Set(records.flatMap((record) => [...record.keys()]))];
  return { titles, rows: records.map((record) => titles.map((title) => record.get(title) ?? '')) };
}

/** Returns the rows of a result as CSV. */
export function resultCsv(result: unknown): string {
  const { titles, rows } = resultRows(result);
  return csvOf([titles, ...rows]);
}

/** Returns the movements of all cases of a comparison, each with the name of its case. */
function movementsOf(comparison: unknown): unknown {
  const { cases } = Object(comparison) as { cases?: { name: string; movements: object[] }[] };
  return cases?.flatMap(({ name, movements }) => movements.map((movement) => ({ case: name, ...movement })));
}

/** Yields the plain values of a row by their paths. Lists of objects are tables of their own, and are left to JSON. */
function* flattened(path: string, value: unknown): Generator<readonly [string, string]> {
  if (value === null || value === undefined) {
    yield [path, ''];
  } else if (Array.isArray(value)) {
    if (value.every((part) => Object(part) !== part)) yield [path, value.join('; ')];
  } else if (typeof value === 'object') {
    for (const [name, part] of Object.entries(value)) {
      yield* flattened(path === '' ? name : `${path}.${name}`, part);
    }
  } else {
    yield [path, String(value)];
  }
}
