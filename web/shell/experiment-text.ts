import { formatCount } from '../../src/base/index.js';
import type { Session } from '../session.js';
import type { Sweeps } from '../sweep/sweeps.js';

/** Returns the name of what is shown, or of what runs if nothing is shown yet, and its conditions. */
export function experimentText(
  { experiments, recordings }: Pick<Session, 'experiments' | 'recordings'>,
  sweeps: Sweeps,
): {
  readonly name: string;
  readonly conditions: string;
} {
  const sweep = sweeps.shown.get();
  if (sweep !== null) {
    const { workload, axes, cellCount } = sweep.atlas;
    const varied = axes.map((axis) => axis.name).join(' × ');
    return { name: `Sweep of ${workload}`, conditions: `${varied} · ${cellCount} cells` };
  }
  const shown = recordings.get();
  const [first] = shown;
  if (first === undefined) {
    const [wanted] = experiments.get();
    return { name: wanted?.subject.name ?? 'Choose a workload', conditions: '' };
  }
  const { parameters, server, jemalloc, conf } = first.recording.about;
  const given = Object.entries(parameters).slice(0, 2);
  const values = given.map(
    ([name, value]) => `${name} ${typeof value === 'number' ? formatCount(value) : value}`,
  );
  const second = shown[1]?.title ?? null;
  const name =
    second === null
      ? first.title
      : second === first.title
        ? `${second}, two runs`
        : `${first.title} and ${second}`;
  return {
    name,
    // A recorded program has no server.
    conditions: [...values, server === 'none' ? '' : server, `jemalloc ${jemalloc}`, conf]
      .filter((text) => text !== '')
      .join(' · '),
  };
}
