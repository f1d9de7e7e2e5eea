import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fidelityOf, REAL_PROGRAMS } from '../support/real-programs.js';
import { WITHOUT_GAPS, Workshop } from '../support/recorded.js';

const workshop = new Workshop();

// One thread, and no time that passes unseen: slabs and regions are those that the program counted itself.
test.each(['python3', 'perl'])('%s: every size class as the program counted it', async (name) => {
  const program = REAL_PROGRAMS.find((one) => one.name === name)!;
  const { classes, counts, lost, rawBytesPerCall } = await fidelityOf(
    program,
    join(workshop.directory, name),
  );
  expect(classes.map(({ size, lab }) => ({ size, ...lab }))).toEqual(
    classes.map(({ size, program }) => ({ size, ...program })),
  );
  expect(classes.reduce((sum, pair) => sum + pair.program.slabs, 0)).toBeGreaterThan(50);
  expect(counts).toMatchObject({ ...WITHOUT_GAPS, threads: 1 });
  expect(lost).toBe(0);
  expect(rawBytesPerCall).toBeLessThan(12);
});
