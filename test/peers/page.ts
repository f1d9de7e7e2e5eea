/** The table of docs/peers.md. */
import { FORMS, type Form } from './servers.js';
import type { Results, UnitResult } from './suite.js';

type ByForm = Partial<Record<Form, UnitResult>>;

const HEAD = `# Peers' own tests

\`make peers\` runs the test suite of Redis 7.0.15, taken from the distribution's source package, in its external mode:
against redis-server itself, against \`slablab serve\` by itself, and through the tap. Each cell has passed / failed /
skipped tests. The tap's cells end with what \`slablab verify --live\` says after the unit: that the lab agrees with the
server, or since when and why it cannot. Tests that need replicas, files of the server, or very long are left out everywhere, and so is what the
suite itself does not run against a server that it did not start.

A unit breaks off where the suite gives up after an error outside of its tests.

`;

export function page(results: Results): string {
  const forms = FORMS.filter((form) => [...results.values()].some((byForm) => byForm[form] !== undefined));
  const lines = [
    `| unit | ${forms.join(' | ')} |`,
    `|---|${forms.map(() => '---|').join('')}`,
    ...[...results].map(([unit, byForm]) => row(unit, byForm)),
  ];
  const failures = [...results]
    .map(([unit, byForm]) => failuresOf(unit, byForm))
    .filter((text) => text !== '');
  return `${HEAD}${lines.join('\n')}\n\n## Fails, and passes directly\n\n${failures.join('\n') || 'None.\n'}`;
}

export function row(unit: string, byForm: ByForm): string {
  const cells = FORMS.map((form) => byForm[form]).flatMap((result) =>
    result === undefined ? [] : cell(result),
  );
  return `| ${unit} | ${cells.join(' | ')} |`;
}

function cell({ passed, failed, skipped, brokeOff, verified }: UnitResult): string {
  const broken = brokeOff === undefined ? '' : ' (broke off)';
  const compared = verified === undefined ? '' : `; ${plain(verified)}`;
  return `${passed.length} / ${failed.size} / ${skipped}${broken}${compared}`;
}

/** Returns the tests of a unit that fail in a form and pass directly; all that fail if there is no direct run. */
function ownFailures(byForm: ByForm, form: Form): [name: string, reason: string][] {
  const { direct, [form]: result } = byForm;
  const isOwn = (name: string) => direct === undefined || direct.passed.includes(name);
  return [...(result?.failed ?? [])].filter(([name]) => isOwn(name));
}

/** Returns the failures of a unit as lines: what is not supported is counted by its reason. */
export function failuresOf(unit: string, byForm: ByForm): string {
  const lines: string[] = [];
  for (const form of FORMS) {
    const result = byForm[form];
    if (form === 'direct' || result === undefined) continue;
    const own = ownFailures(byForm, form);
    if (own.length === 0 && result.brokeOff === undefined) continue;
    lines.push(
      `**${unit}**, ${form}${result.brokeOff === undefined ? '' : `, broke off: ${plain(result.brokeOff)}`}\n`,
    );
    const unsupported = new Map<string, number>();
    for (const [name, reason] of own) {
      const [, what] = /ported by the lab: ([^'"\n]*?)(?= while| ERR | {2}|$|['"])/.exec(reason) ?? [];
      if (what === undefined) lines.push(`- ${plain(name)}: ${plain(reason)}`);
      else unsupported.set(what, (unsupported.get(what) ?? 0) + 1);
    }
    const counted = [...unsupported].map(([what, count]) => `${plain(what)} (${count})`);
    if (counted.length > 0) lines.push(`- not supported: ${counted.join(', ')}`);
    lines.push('');
  }
  return lines.join('\n');
}

/** Returns a text that is the same in Markdown, on one line. */
function plain(text: string): string {
  const printable = text.replaceAll(/[^ -~]/g, '?').replaceAll(/[\\`*_{}[\]<>|#]/g, (sign) => `\\${sign}`);
  return printable.length <= 160 ? printable : `${printable.slice(0, 159)}…`;
}
