/** The drawing of docs/architecture.md: rooms by layer, and the imports between them. */
import type { Import } from './import-graph.js';
import { LAYERS, roomOf } from './rooms.js';

const BOX = { width: 132, height: 34 };
const GAP = { x: 28, y: 34 };
const MARGIN = 24;
const WIDTH = 640;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Returns the drawing as SVG: the highest layer on top, an arrow for each import that no longer path implies. */
export function drawing(imports: readonly Import[]): string {
  const places = placeRooms();
  const height = MARGIN * 2 + LAYERS.length * BOX.height + (LAYERS.length - 1) * GAP.y;
  const boxes = [...places].map(
    ([room, { x, y }]) =>
      `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>` +
      `<text x="${x + BOX.width / 2}" y="${y + BOX.height / 2 + 4.5}">${room}</text>`,
  );
  const lines = directImports(imports).map(([from, to]) => arrow(at(places, from), at(places, to)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    '<title>Rooms of slablab: each imports from rooms below it</title>',
    '<style>svg{background:#fff;font:13px system-ui,sans-serif}rect{fill:#eef3f8;stroke:#4a6a8a}',
    'text{text-anchor:middle;fill:#1c2733}path{fill:none;stroke:#8aa0b6;stroke-width:1.2;marker-end:url(#a)}</style>',
    '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">' +
      '<path d="M0,0L8,4L0,8z" style="fill:#8aa0b6;stroke:none"/></marker></defs>',
    ...lines,
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}

function placeRooms(): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const [row, rooms] of [...LAYERS].reverse().entries()) {
    const width = rooms.length * BOX.width + (rooms.length - 1) * GAP.x;
    for (const [index, room] of rooms.entries()) {
      const x = (WIDTH - width) / 2 + index * (BOX.width + GAP.x);
      places.set(room, { x, y: MARGIN + row * (BOX.height + GAP.y) });
    }
  }
  return places;
}

/** Returns pairs of rooms, without those that a path over other rooms implies (transitive reduction). */
function directImports(imports: readonly Import[]): [string, string][] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [room, other] = [roomOf(from), roomOf(to)];
    if (room === other) continue;
    targets.set(room, (targets.get(room) ?? new Set()).add(other));
  }
  const reaches = (from: string, to: string): boolean =>
    [...(targets.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  return [...targets].flatMap(([room, others]) =>
    [...others]
      .filter((other) => ![...others].some((via) => via !== other && reaches(via, other)))
      .sort()
      .map((other): [string, string] => [room, other]),
  );
}

function arrow(from: Place, to: Place): string {
  const start = { x: from.x + BOX.width / 2, y: from.y + BOX.height };
  const end = { x: to.x + BOX.width / 2, y: to.y };
  if (end.y - start.y <= GAP.y) return `<path d="M${start.x},${start.y}L${end.x},${end.y}"/>`;
  const isLeft = start.x + end.x < WIDTH;
  const bend = isLeft
    ? Math.min(from.x, to.x) - (end.y - start.y) / 4
    : Math.max(from.x, to.x) + BOX.width + (end.y - start.y) / 4;
  return `<path d="M${start.x},${start.y}C${bend},${start.y + GAP.y} ${bend},${end.y - GAP.y} ${end.x},${end.y}"/>`;
}

function at(places: ReadonlyMap<string, Place>, room: string): Place {
  const place = places.get(room);
  if (place === undefined) throw new Error(`room '${room}' has no layer in test/house/rooms.ts`);
  return place;
}
