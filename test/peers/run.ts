/**
 * `make peers [UNIT='unit/type/set …'] [FORM='direct standalone tap']`: Redis's own test suite against a real server, against
 * the lab by itself and through the tap. It prints a table by unit; without UNIT it is kept in docs/peers.md.
 */
import { writeFile } from 'node:fs/promises';
import { failuresOf, page, row } from './page.js';
import { FORMS, type Form, start } from './servers.js';
import { runUnit, type UnitResult } from './suite.js';

const UNITS = [
  ...['string', 'incr', 'list', 'list-2', 'list-3', 'set', 'zset', 'hash', 'stream', 'stream-cgroups'].map(
    (name) => `unit/type/${name}`,
  ),
  ...[
    'keyspace',
    'expire',
    'scan',
    'multi',
    'info',
    'info-command',
    'dump',
    'sort',
    'bitops',
    'bitfield',
    'geo',
  ],
  ...['hyperloglog', 'pubsub', 'scripting', 'functions', 'protocol', 'quit', 'querybuf', 'replybufsize'],
  ...['obuf-limits', 'other', 'auth', 'acl', 'limits', 'latency-monitor', 'slowlog', 'client-eviction'],
  ...['tracking', 'pause', 'maxmemory', 'lazyfree', 'memefficiency', 'introspection', 'introspection-2'],
].map((unit) => (unit.startsWith('unit/') ? unit : `unit/${unit}`));

const [directory = '', unitsWanted = '', formsWanted = ''] = process.argv.slice(2);
const units = unitsWanted === '' ? UNITS : unitsWanted.split(' ');
const forms = FORMS.filter((form) => formsWanted === '' || formsWanted.split(' ').includes(form));

const results = new Map<string, Partial<Record<Form, UnitResult>>>();
for (const unit of units) {
  const byForm: Partial<Record<Form, UnitResult>> = {};
  for (const form of forms) byForm[form] = await resultIn(form, unit);
  results.set(unit, byForm);
  console.log(row(unit, byForm));
  console.log(failuresOf(unit, byForm));
}
if (unitsWanted === '') {
  await writeFile(new URL('../../../docs/peers.md', import.meta.url), page(results));
}

/** Runs a unit against servers of its own, so that none begins with what another left. */
async function resultIn(form: Form, unit: string): Promise<UnitResult> {
  const running = await start(form);
  const result = await runUnit(directory, unit, running.port);
  const verified = await running.verify?.();
  const isAlive = await running.end();
  return {
    ...result,
    ...(verified !== undefined && { verified }),
    ...(!isAlive && { brokeOff: 'the server ended or hung' }),
  };
}
