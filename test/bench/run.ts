/**
 * `make bench [LEG=NAME]` measures speed as ratios, side by side in one run. The sides of a leg take turns, so that other
 * work on the machine slows each of them. Absolute figures are the machine's, ratios are slablab's.
 */
import { isMet, type Leg, type Measured } from './leg.js';
import { isLegName, LEG_NAMES, type LegName } from './leg-names.js';
import { keepResult, machineLoad, recordOf } from './leg-record.js';
import { LEGS } from './legs.js';
import { type NamedGoal, printGoals, printTable } from './printed.js';

/** Measures legs one after the other, and keeps what each returns. */
async function measure(names: readonly LegName[]): Promise<void> {
  const goals: NamedGoal[] = [];
  const failed: string[] = [];
  for (const name of names) {
    const leg: Leg = LEGS[name];
    console.error(`measuring ${name}: ${leg.title}`);
    const load = machineLoad();
    let measured: Measured;
    try {
      measured = await leg.measure();
    } catch (error) {
      console.error(error);
      failed.push(name);
      continue;
    }
    for (const table of measured.tables) printTable(table);
    const own = measured.goals.map((goal) => ({ leg: name, goal }));
    if (own.length > 0) printGoals(`goals of ${name}`, own);
    goals.push(...own);
    await keepResult(name, await recordOf(name, leg, load, measured));
  }
  console.log('\nwritten to results/bench.json; `make performance` makes docs/performance.md from it');
  const short = goals.filter(({ goal }) => !isMet(goal));
  if (short.length > 0) printGoals('what falls short', short);
  else console.log(`\nnothing falls short: ${goals.length} goals are met`);
  if (failed.length === 0) return;
  console.error(`\nnot measured: ${failed.join(', ')}`);
  process.exitCode = 1;
}

const [chosen = ''] = process.argv.slice(2);
if (chosen === '') await measure(LEG_NAMES.filter((name) => !(LEGS[name] as Leg).byNameOnly));
else if (isLegName(chosen)) await measure([chosen]);
else {
  console.error(`slablab: LEG=${chosen}: there is no such leg; legs are ${LEG_NAMES.join(', ')}`);
  process.exitCode = 2;
}
