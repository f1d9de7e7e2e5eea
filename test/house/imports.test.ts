import { expect, test } from 'vitest';
import { readSources } from './import-graph.js';
import { violations } from './violations.js';

const sources = readSources();

/** The faults that a changed copy of the house has. */
function faultsWith(changes: Readonly<Record<string, string>>): string[] {
  const changed = new Map(sources);
  for (const [path, added] of Object.entries(changes)) {
    changed.set(path, `${added}\n${changed.get(path) ?? ''}`);
  }
  return violations(changed);
}

test('every import goes down, through a door, and in no circle', () => {
  expect(violations(sources)).toEqual([]);
  expect(sources.size).toBeGreaterThan(500);
});

test('an import from a higher room is refused', () => {
  const added = "import type { CommandTable } from '../model/index.js';";
  expect(faultsWith({ 'src/engine/regions.ts': added })).toEqual([
    'src/engine/regions.ts:1: imports src/model/index.ts, but engine is not above model; move one of the two',
  ]);
});

test('an import past the door of a room is refused', () => {
  const [fault] = faultsWith({ 'src/map/layout-to-fit.ts': "import { Heap } from '../model/heap/heap.js';" });
  expect(fault).toBe(
    "src/map/layout-to-fit.ts:1: imports src/model/heap/heap.ts past the door of its room; import it from the room's index.ts",
  );
});

test('the rooms inside model are behind its own door', () => {
  const [fault] = faultsWith({
    'src/map/layout-to-fit.ts': "export { Heap } from '../model/heap/index.js';",
  });
  expect(fault).toContain('past the door of its room');
});

test('a dynamic import counts as any other', () => {
  const [fault] = faultsWith({ 'src/map/layout-to-fit.ts': "const lazy = import('../cli/program.js');" });
  expect(fault).toContain('map is not above cli');
});

test('a circle of value imports is refused, one of types is not', () => {
  const circle = (kind: string) => ({
    'src/base/one.ts': `import ${kind}{ two } from './two.js'; export const one = 1;`,
    'src/base/two.ts': `import ${kind}{ one } from './one.js'; export const two = 2;`,
  });
  expect(faultsWith(circle('type '))).toEqual([]);
  expect(faultsWith(circle(''))).toEqual([
    'src/base/one.ts imports src/base/two.ts imports src/base/one.ts: a circle; move what they share to a file below both',
  ]);
});

test('a file in a room that has no layer is refused', () => {
  expect(faultsWith({ 'src/utils/misc.ts': 'export const x = 1;' })).toEqual([
    "src/utils/misc.ts: there is no room 'utils'; move the file, or give the room a layer",
  ]);
});

test('a door with more than exports is refused', () => {
  expect(faultsWith({ 'src/map/index.ts': 'export const SIZE = 3;' })).toEqual([
    'src/map/index.ts: a door of a room has more than exports; move the rest to a file of its own',
  ]);
});
