/**
 * The seed of a test that draws at random: the same each time in `make test`, so that a stranger's run does not depend on
 * luck, and a new one in `make fuzz`, which runs all tests that have one. Printed, so that a failure can be run again
 * with TEST_SEED.
 */
export function printedSeed(what: string): number {
  const given = process.env.TEST_SEED;
  const isFuzzing = process.env.SLABLAB_FUZZ_OPERATIONS !== undefined;
  const seed =
    given === undefined ? (isFuzzing ? Math.floor(Math.random() * 0x100000000) : 1) : Number(given);
  console.log(`${what}: TEST_SEED=${seed}`);
  return seed;
}
