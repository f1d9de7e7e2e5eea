import { readFile } from 'node:fs/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

const SCHEMAS = [
  'run/run-result',
  'remedy/advice',
  'remedy/sizing',
  'sweep/sweep-result',
  'compare/bench/bench-result',
  'compare/comparison',
  'verify/verify-result',
];

let validators: Promise<Ajv2020> | undefined;

/** Schemas refer to each other by the number that results bear. */
async function load(): Promise<Ajv2020> {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  for (const name of SCHEMAS) {
    const file = new URL(`../../src/${name}.schema.json`, import.meta.url);
    ajv.addSchema(JSON.parse(await readFile(file, 'utf8')) as object);
  }
  return ajv;
}

/** Fails if the result does not follow the schema that it names. */
export async function expectValid(result: unknown): Promise<void> {
  validators ??= load();
  const { schema } = result as { schema: string };
  const validate = (await validators).getSchema(schema) as ValidateFunction;
  validate(result);
  expect(validate.errors ?? []).toEqual([]);
}
