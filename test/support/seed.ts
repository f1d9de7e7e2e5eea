/**
 * A new seed each time, unless TEST_SEED gives one. Printed, so that a failure can be run again. `usual` is the seed of
 * `make test` where a stranger's run must not depend on luck; `make fuzz` draws new ones there too.
 */
export function printedSeed(what: string, usual?: number): number {
  const given = process.env.TEST_SEED;
  const isFuzzing = process.env.SLABLAB_FUZZ_OPERATIONS !== undefined;
  const drawn = usual === undefined || isFuzzing ? Math.floor(Math.random() * 0x100000000) : usual;
  const seed = given === undefined ? drawn : Number(given);
  console.log(`${what}: TEST_SEED=${seed}`);
  return seed;
}
