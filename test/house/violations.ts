/** What the sources do that the rules of the house forbid, as messages that name place, fault and remedy. */
import { type Import, importsOf, onlyExports, type Sources } from './import-graph.js';
import { isDoor, layerOf, roomOf } from './rooms.js';

/** Returns a message for each breach of a rule; none if the house is in order. */
export function violations(sources: Sources): string[] {
  const imports = importsOf(sources);
  return [
    ...unknownRooms(sources),
    ...imports.flatMap(crossing),
    ...busyDoors(sources),
    ...circles(imports.filter(({ isType }) => !isType)),
  ];
}

function unknownRooms(sources: Sources): string[] {
  return [...sources.keys()]
    .filter((path) => layerOf(roomOf(path)) === undefined)
    .map((path) => `${path}: there is no room '${roomOf(path)}'; move the file, or give the room a layer`);
}

function crossing({ from, to, line }: Import): string[] {
  const room = roomOf(from);
  const other = roomOf(to);
  if (room === other) return [];
  const place = `${from}:${line}`;
  const layer = layerOf(room) ?? 0;
  const otherLayer = layerOf(other) ?? 0;
  const faults: string[] = [];
  if (otherLayer >= layer) {
    faults.push(`${place}: imports ${to}, but ${room} is not above ${other}; move one of the two`);
  }
  const isInModel = room.startsWith('model/') || room === 'model';
  const isOutside = other.startsWith('model/') && !isInModel;
  if (!isDoor(to) || isOutside) {
    faults.push(`${place}: imports ${to} past the door of its room; import it from the room's index.ts`);
  }
  return faults;
}

function busyDoors(sources: Sources): string[] {
  return [...sources]
    .filter(([path, source]) => isDoor(path) && path !== 'wasm/lab.ts' && !onlyExports(path, source))
    .map(([path]) => `${path}: a door of a room has more than exports; move the rest to a file of its own`);
}

/** Finds the circles of a graph, by taking away what imports nothing that is left (Kahn). */
function circles(imports: readonly Import[]): string[] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    if (from !== to) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  }
  for (let isShrinking = true; isShrinking; ) {
    isShrinking = false;
    for (const [from, to] of targets) {
      for (const path of to) if (!targets.has(path)) to.delete(path);
      if (to.size > 0) continue;
      targets.delete(from);
      isShrinking = true;
    }
  }
  const [first] = targets.keys();
  if (first === undefined) return [];
  const path: string[] = [];
  let at = first;
  while (!path.includes(at)) {
    path.push(at);
    [at] = targets.get(at) as unknown as [string];
  }
  const circle = [...path.slice(path.indexOf(at)), at];
  return [`${circle.join(' imports ')}: a circle; move what they share to a file below both`];
}
