/** The imports between the files of the house, read from their sources. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TREES = ['src', 'workloads', 'web', 'wasm'] as const;

export interface Import {
  readonly from: string;
  readonly to: string;
  /** Counted from 1. */
  readonly line: number;
  /** Whether only types are imported, which leave nothing at run time. */
  readonly isType: boolean;
}

/** Sources by path in the checkout. */
export type Sources = ReadonlyMap<string, string>;

/** Reads the TypeScript files of trees of the checkout; of all rooms if none are named. */
export function readSources(trees: readonly string[] = TREES): Map<string, string> {
  const sources = new Map<string, string>();
  for (const tree of trees) {
    for (const name of readdirSync(join(ROOT, tree), { recursive: true, encoding: 'utf8' })) {
      const path = posix.join(tree, name.replaceAll('\\', '/'));
      if (!path.endsWith('.ts') || path.includes('/build/')) continue;
      sources.set(path, readFileSync(join(ROOT, path), 'utf8'));
    }
  }
  return sources;
}

/** Returns every import and re-export of one file of the house by another. */
export function importsOf(sources: Sources): Import[] {
  return [...sources].flatMap(([from, source]) =>
    requestsOf(from, source).flatMap(({ specifier, start, isType }) => {
      const to = resolve(from, specifier, sources);
      return to === undefined ? [] : [{ from, to, line: lineAt(source, start), isType }];
    }),
  );
}

/** Whether a file consists of re-exports and comments. */
export function onlyExports(path: string, source: string): boolean {
  const { program } = parseSync(path, source);
  return program.body.every(
    (statement) =>
      statement.type === 'ExportAllDeclaration' ||
      (statement.type === 'ExportNamedDeclaration' && statement.source !== null),
  );
}

interface Request {
  readonly specifier: string;
  readonly start: number;
  readonly isType: boolean;
}

function requestsOf(path: string, source: string): Request[] {
  const { module, errors } = parseSync(path, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const imports = module.staticImports.map(({ start, moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    start,
    isType: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const exports = module.staticExports.flatMap(({ start, entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest == null ? [] : [{ specifier: moduleRequest.value, start, isType }],
    ),
  );
  const dynamic = module.dynamicImports.map(({ start, moduleRequest }) => ({
    specifier: source.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    start,
    isType: false,
  }));
  return [...imports, ...exports, ...dynamic];
}

function resolve(from: string, specifier: string, sources: Sources): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ''));
  return [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.d.ts')].find((one) => sources.has(one));
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}
