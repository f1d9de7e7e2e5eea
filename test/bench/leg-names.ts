/** The names of the legs, in the order in which they are measured and shown. */
export const LEG_NAMES = [
  'replay',
  'traffic',
  'cold',
  'rdb',
  'start',
  'keys',
  'tap',
  'standalone',
  'accounting',
  'recorder',
  'recordings',
  'sweeps',
  'workers',
  'maps',
  'frames',
  'atlas',
  'page-sweep',
  'visit',
  'scale',
] as const;

export type LegName = (typeof LEG_NAMES)[number];

export function isLegName(name: string): name is LegName {
  return LEG_NAMES.some((known) => known === name);
}
