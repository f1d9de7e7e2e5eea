/** A part of a file that a process had mapped to run. */
export interface MappedCode {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
  readonly path: string;
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ..x. ([0-9a-f]+) \S+ \d+\s+(\/.*)$/;

/** Parses copies of /proc/PID/maps. Where two of them disagree, the later one counts. */
export function parseMaps(text: string): MappedCode[] {
  const byStart = new Map<number, MappedCode>();
  for (const line of text.split('\n')) {
    const [, start = '', end = '', offset = '', path = ''] = LINE.exec(line) ?? [];
    if (path === '') continue;
    const from = Number.parseInt(start, 16);
    const to = Number.parseInt(end, 16);
    byStart.set(from, { start: from, end: to, offset: Number.parseInt(offset, 16), path });
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/** Returns the code that an address lies in. */
export function codeAt(maps: readonly MappedCode[], address: number): MappedCode | undefined {
  return maps.find(({ start, end }) => address >= start && address < end);
}
