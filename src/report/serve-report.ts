/** Reports as text what a lab saw of live traffic. */
import { formatBytes, formatCount, plural } from '../base/index.js';
import type { LabStatus, LiveVerifyResult, ServeSummary } from '../serve/node.js';
import { gapLines } from './gap-lines.js';
export function serveReport({ upstream, clients, gaps, notSeen, lab }: ServeSummary): string {
  const lines = [
    `${upstream === null ? '' : `${upstream}: `}${formatCount(clients.accepted)} clients` +
      (clients.turnedAway === 0 ? '' : `, ${formatCount(clients.turnedAway)} more turned away`),
    ...(lab === null ? ['the lab does not answer'] : labLines(lab)),
  ];
  if (notSeen.length > 0) lines.push(`not seen: ${notSeen.join('; ')}`);
  for (const { atMs, why } of gaps) {
    lines.push(`incomplete from ${new Date(atMs).toISOString()} on: ${why}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Returns a few lines about the state of the lab. */
export function labLines({
  commands,
  notCarriedOut,
  keys,
  unknown,
  failedCommands,
  scriptCalls,
  scriptedCommands,
  failure,
  snapshot,
}: LabStatus): string[] {
  const { memory, drainprof } = snapshot;
  const percent = (drainprof.dsr * 100).toFixed(1);
  const lines = [
    `${formatCount(commands)} commands (${formatCount(notCarriedOut)} not carried out), ${formatCount(keys)} keys, ` +
      `${formatBytes(memory.usedMemory)} used in ${formatBytes(memory.active)} of pages`,
    `${formatCount(drainprof.tracked)} slabs, ${formatCount(drainprof.pinned)} pinned, ${percent}% drainable; ` +
      `${formatBytes(drainprof.bytesAboveMinimum)} in slabs above the minimum`,
  ];
  if (unknown.length > 0) {
    lines.push(
      `not modelled: ${unknown.map(([name, count]) => `${name} (${formatCount(count)})`).join(', ')}`,
    );
  }
  lines.push(...gapLines(failedCommands));
  if (scriptCalls > 0 && scriptedCommands === 0) {
    lines.push(`${plural(scriptCalls, 'call')} of scripts: what they changed is not modelled`);
  }
  if (failure !== null) lines.push(`the lab stopped: ${failure}`);
  return lines;
}

export function liveVerifyReport({
  upstream,
  lab,
  comparison,
  thresholds,
  least,
  exceeded,
  gaps,
}: LiveVerifyResult): string {
  const { usedMemory } = comparison.memory;
  const lines = [
    `${upstream} beside the lab (${lab.server}, ${lab.build}), by what came on top since the lab began, ` +
      `after ${formatCount(lab.commands)} commands:`,
    `used_memory: ${formatBytes(usedMemory.server)} there, ${formatBytes(usedMemory.lab)} here`,
  ];
  for (const name of ['slabs', 'regions', 'usedMemory'] as const) {
    const apart = (comparison.measures[name] * 100).toFixed(3);
    const limit = thresholds[name] * 100;
    const amount = name === 'usedMemory' ? formatBytes(least[name]) : formatCount(least[name]);
    const verdict = exceeded.includes(name) ? ': TOO FAR' : '';
    lines.push(`${name}: ${apart}% apart, ${limit}% or ${amount} allowed${verdict}`);
  }
  for (const { atMs, why } of gaps) lines.push(`incomplete from ${new Date(atMs).toISOString()} on: ${why}`);
  return `${lines.join('\n')}\n`;
}
