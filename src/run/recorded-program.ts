/** The allocator that a recorded program ran on: what a run of its operations uses, unless options say otherwise. */
import { formatCount } from '../base/index.js';
import { optionsOf, plainConf } from '../engine/index.js';
import type { RecordedCounts, RecordedProgram } from '../stream/index.js';

/** Returns the build that is nearest to the program's jemalloc. */
export function programBuild({ quantum = 16, pageSize = 4096, jemalloc = '' }: RecordedProgram): string {
  if (quantum !== 8) return 'q4';
  if (pageSize === 16_384) return 'q3-p14';
  if (pageSize === 65_536) return 'q3-p16';
  return jemalloc.startsWith('5.2.') ? 'q3-5.2.1' : 'q3';
}

/** Returns the configuration of the program's jemalloc, as far as it is about memory. */
export function programConf(program: RecordedProgram): string {
  const { narenas } = program;
  const { kept } = sortedConf(program);
  const hasArenas = kept.some((pair) => pair.startsWith('narenas:'));
  return [...(narenas === undefined || narenas < 1 || hasArenas ? [] : [`narenas:${narenas}`]), ...kept].join(
    ',',
  );
}

/** Joins configurations. jemalloc uses the last value of an option. */
export function joinedConf(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(',');
}

/** Returns sentences on the recording, and on what the run takes from it. `build` is that of the run. */
export function programNotes(path: string, program: RecordedProgram, build: string): string[] {
  const { command, jemalloc, quantum, narenas, recorded, pageSize } = program;
  const conf = programConf(program);
  const facts = [
    jemalloc === undefined ? 'an unknown allocator' : `jemalloc ${jemalloc}`,
    ...(quantum === undefined ? [] : [`quantum ${quantum}`]),
    ...(pageSize === undefined ? [] : [`pages of ${pageSize} bytes`]),
    ...(narenas === undefined ? [] : [`${narenas} arenas`]),
  ];
  const { left } = sortedConf(program);
  return [
    `${path}: recorded from \`${command.join(' ')}\` on ${facts.join(', ')}; replayed on build ${build}` +
      `${conf === '' ? '' : ` with ${conf}`} (--build and --conf change it)`,
    ...(left.length === 0
      ? []
      : [
          `${path}: ${left.join(',')} of the program's configuration is not about memory in the lab, and was left out`,
        ]),
    ...(recorded === undefined ? [] : countNotes(path, recorded)),
  ];
}

/** Returns sentences on what a recording lacks. */
function countNotes(path: string, { unknownFrees, failedCalls, lost }: RecordedCounts): string[] {
  const say = (count: number, text: string) =>
    count === 0 ? [] : [`${path}: ${formatCount(count)} ${text}`];
  return [
    ...say(unknownFrees, 'frees of addresses that the recording does not know were left out'),
    ...say(failedCalls, 'calls returned no memory, and were left out'),
    ...say(lost, 'records were lost: figures may differ from those of the program'),
  ];
}

/** Options that print, check or run threads. */
const WITHOUT_EFFECT = new Set(['abort', 'abort_conf', 'confirm_conf', 'stats_print', 'stats_print_opts']);

function sortedConf(program: RecordedProgram): { kept: string[]; left: string[] } {
  const options = optionsOf(programBuild(program) === 'q3-5.2.1' ? '5.2.1' : '5.3.0');
  const pairs = plainConf(program.mallocConf ?? '')
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
  const isKept = (pair: string) => {
    const name = pair.slice(0, Math.max(0, pair.indexOf(':')));
    return options.includes(name) && !WITHOUT_EFFECT.has(name) && !name.startsWith('stats_');
  };
  return { kept: pairs.filter(isKept), left: pairs.filter((pair) => !isKept(pair)) };
}
