/**
 * The rooms of the house, lowest layer first: a file imports from its own room and from rooms on lower lines.
 * docs/architecture.md says what each room holds.
 */
export const LAYERS: readonly (readonly string[])[] = [
  ['wasm'],
  ['base'],
  ['output'],
  ['stream'],
  ['engine', 'commands'],
  ['resp'],
  ['input', 'trace', 'model/heap'],
  ['model/versions'],
  ['model/settings'],
  ['model/keyspace'],
  ['model/values', 'model/inspect'],
  ['model/client'],
  ['model/server'],
  ['model/loading', 'model/saving'],
  ['model/commands'],
  ['model'],
  ['analysis', 'store'],
  ['map', 'workloads'],
  ['run'],
  ['recording', 'remedy', 'verify'],
  ['sweep'],
  ['compare', 'serve'],
  ['report', 'queue'],
  ['cli', 'web', 'library'],
];

/** The files of a room that other rooms import: for every runtime, for Node alone, for browsers alone. */
const DOORS: readonly string[] = ['index.ts', 'node.ts', 'browser.ts'];

const LAYER_OF: ReadonlyMap<string, number> = new Map(
  LAYERS.flatMap((rooms, layer) => rooms.map((room) => [room, layer] as const)),
);

/** Returns the layer of a room, counted from the lowest; undefined if there is no such room. */
export function layerOf(room: string): number | undefined {
  return LAYER_OF.get(room);
}

/** Returns the room that a file belongs to, from its path in the checkout. */
export function roomOf(path: string): string {
  const [top = '', room = '', part = '', ...rest] = path.split('/');
  if (top !== 'src') return top;
  if (part === '') return 'library';
  return room === 'model' && rest.length > 0 ? `model/${part}` : room;
}

/** Whether a file is a door of its room. The whole of wasm/ is one file, its own door. */
export function isDoor(path: string): boolean {
  if (path === 'wasm/lab.ts') return true;
  const parts = path.split('/');
  const depth = roomOf(path).startsWith('model/') ? 4 : path.startsWith('src/') ? 3 : 2;
  return parts.length === depth && DOORS.includes(parts[depth - 1]!);
}
