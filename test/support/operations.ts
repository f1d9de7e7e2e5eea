import { Kind, type OpChunk } from '#slablab/src/stream/index.js';

export const kindNames: ReadonlyMap<number, string> = new Map<number, string>(
  Object.entries(Kind).map(([name, kind]) => [kind, name]),
);

/** Chunks as text, one operation a string: "malloc #3 24 B owner 5", "free #3", "advance 100". */
export function asText(chunks: Iterable<OpChunk>): string[] {
  const lines: string[] = [];
  for (const { length, what, handle, size } of chunks) {
    for (let index = 0; index < length; index++) {
      lines.push(operation(what[index]!, handle[index]!, size[index]!));
    }
  }
  return lines;
}

function operation(what: number, handle: number, size: number): string {
  const kind = what & 0xff;
  const name =
    kind > Kind.aligned ? `aligned ${kind - Kind.aligned}` : (kindNames.get(kind) ?? `kind ${kind}`);
  const words = [name];
  if (handle !== 0) words.push(`#${handle}`);
  if (handle === 0 ? kind !== Kind.mark && kind !== Kind.purge : size !== 0) words.push(`${size}`);
  if (what >>> 8 !== 0) words.push(`owner ${what >>> 8}`);
  return words.join(' ');
}

/** Columns as plain arrays: for comparing streams whatever their chunks. */
export function asRows(chunks: Iterable<OpChunk>): number[][] {
  const rows: number[][] = [];
  for (const { length, what, handle, size } of chunks) {
    for (let index = 0; index < length; index++) {
      rows.push([what[index]!, handle[index]!, size[index]!]);
    }
  }
  return rows;
}
