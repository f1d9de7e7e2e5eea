import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { LANES } from '../lanes.js';

/** The longest files of each lane. What begins late should be short, so that both workers end together. */
export const LONG: readonly string[] = [
  'test/browser/view.browser.test.ts',
  'test/browser/lab.browser.test.ts',
];

/** Starts lane after lane, in each of them the long files first, and the others by what Vitest knows of them. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ project, moduleId }: TestSpecification): number {
  const lane = LANES.findIndex(({ name }) => name === project.name);
  const place = LONG.indexOf(relative(project.config.root, moduleId));
  return lane * (LONG.length + 1) + (place < 0 ? LONG.length : place);
}
