/** A new seed each time, unless TEST_SEED gives one. Printed, so that a failure can be run again. */
export function printedSeed(what: string): number {
  const given = process.env.TEST_SEED;
  const seed = given === undefined ? Math.floor(Math.random() * 0x100000000) : Number(given);
  console.log(`${what}: TEST_SEED=${seed}`);
  return seed;
}
