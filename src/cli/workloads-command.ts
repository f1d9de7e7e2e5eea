import { Command } from 'commander';
import { WORKLOADS, type Workload } from '../../workloads/index.js';
import { type Column, tableInBlocks, wrap } from '../base/index.js';
import { bold, type Terminal } from '../report/index.js';
import { workloadNamed } from '../run/node.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';

const EXAMPLES = ['slablab workloads', 'slablab workloads scattered-delete --json'];

export function workloadsCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('workloads')
    .description('List the workloads, with what each reproduces, its parameters and its phases')
    .argument('[name]', 'Workload to list without the others')
    .action((name: string | undefined, options: CommonOptions) => {
      show(describeAll(name === undefined ? WORKLOADS : [workloadNamed(name)]), options);
    });
  return addExamples(command, EXAMPLES);
}

function describeAll(workloads: readonly Workload[]): CommandResult {
  return {
    json: { schema: 'slablab.workloads/1', workloads: workloads.map(asJson) },
    text: (terminal) => workloads.map((workload) => `${asText(workload, terminal).join('\n')}\n`).join('\n'),
    exitCode: 0,
    messages: [],
  };
}

function asJson({ name, summary, source, shows, parameters, phases }: Workload) {
  const list = Object.entries(parameters).map(([parameter, { meaning, default: byDefault, range }]) => {
    return { name: parameter, default: byDefault, range, meaning };
  });
  return { name, summary, source, shows, parameters: list, phases };
}

function asText(
  { name, summary, source, shows, parameters, phases }: Workload,
  terminal: Terminal,
): string[] {
  const { width, colours } = terminal;
  const entries = Object.entries(parameters);
  const label: Column = { title: '--set', cells: entries.map(([parameter]) => parameter) };
  const byDefault: Column = { title: 'default', cells: entries.map(([, value]) => String(value.default)) };
  return [
    bold(name, colours),
    ...wrap(summary, width),
    '',
    ...wrap(`Source: ${source}`, width),
    ...wrap(`Shows: ${shows}`, width),
    ...phases.flatMap((phase) => wrap(`Phase ${phase.name}: ${phase.meaning}`, width)),
    '',
    ...tableInBlocks(label, [byDefault], width),
    '',
    ...entries.flatMap(([parameter, { meaning, range }]) =>
      wrap(`${parameter}: ${meaning} (${range})`, width),
    ),
  ];
}
