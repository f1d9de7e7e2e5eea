/** The titles of two runs side by side: runs of the same name get the conditions in which they differ. */
import type { Recording, Shown } from '../recordings.js';

type About = Recording['about'];

export function titlesOf(shown: readonly Shown[]): string[] {
  const titles = shown.map(({ title }) => title);
  const [first, second] = shown;
  if (first === undefined || second === undefined || first.title !== second.title) return titles;
  const conditions = shown.map(({ recording }) => conditionsOf(recording.about));
  const names = [...new Set(conditions.flatMap((each) => [...each.keys()]))];
  const differing = names.filter((name) => conditions[0]?.get(name) !== conditions[1]?.get(name));
  return titles.map((title, side) => {
    const said = differing.map((name) => `${name} ${conditions[side]?.get(name) ?? 'unset'}`);
    return [title, ...said].join(', ');
  });
}

/** Returns the conditions of a run in the terms of the command line. */
function conditionsOf({ parameters, server, build, conf, hooks, settings }: About): Map<string, string> {
  return new Map([
    ...Object.entries(parameters).map(([name, value]) => [name, `${value}`] as const),
    ['server', server],
    ['build', build],
    ['conf', conf === '' ? 'default' : conf],
    ['hooks', hooks],
    ...Object.entries(settings ?? {}),
  ]);
}
