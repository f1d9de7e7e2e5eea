/** Aligns two lists of requests: pairs what is the same on both sides in the same order, and lists the rest. */
import type { RequestList } from './request-list.js';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Some requests of a list, in their order. */
export class Lane {
  constructor(
    readonly list: RequestList,
    readonly indexes: readonly number[],
  ) {}

  static of(list: RequestList, { from, to }: Span, belongs: (index: number) => boolean): Lane {
    const indexes: number[] = [];
    for (let index = from; index < to; index++) if (belongs(index)) indexes.push(index);
    return new Lane(list, indexes);
  }

  get length(): number {
    return this.indexes.length;
  }

  token(at: number): number {
    return this.list.tokens[this.indexes[at]!]!;
  }

  handle(at: number): number {
    return this.list.handles[this.indexes[at]!]!;
  }
}

/** A place at which two lanes differ: the requests of either that have no counterpart. */
export interface Difference {
  readonly server: Span;
  readonly model: Span;
}

export interface Alignment {
  readonly server: Lane;
  readonly model: Lane;
  readonly same: number;
  readonly differences: readonly Difference[];
  /** Pairs of requests of the same size that concern different allocations: the place in each lane. */
  readonly otherRegion: readonly (readonly [server: number, model: number])[];
}

/** Windows in which a common run of requests is looked for, the nearest first, and the length of that run. */
const ATTEMPTS: readonly (readonly [window: number, run: number])[] = [
  [8, 2],
  [24, 4],
  [120, 6],
  [1000, 10],
  [10_000, 16],
];

export function align(server: Lane, model: Lane): Alignment {
  const differences: Difference[] = [];
  const otherRegion: [number, number][] = [];
  const regions = new RegionPairs(server, model);
  let same = 0;
  let atServer = 0;
  let atModel = 0;
  while (atServer < server.length && atModel < model.length) {
    if (server.token(atServer) === model.token(atModel)) {
      if (!regions.pair(atServer, atModel)) otherRegion.push([atServer, atModel]);
      same++;
      atServer++;
      atModel++;
      continue;
    }
    const [skipServer, skipModel] = nextCommon(server, atServer, model, atModel);
    differences.push({
      server: { from: atServer, to: atServer + skipServer },
      model: { from: atModel, to: atModel + skipModel },
    });
    atServer += skipServer;
    atModel += skipModel;
  }
  if (atServer < server.length || atModel < model.length) {
    differences.push({
      server: { from: atServer, to: server.length },
      model: { from: atModel, to: model.length },
    });
  }
  return { server, model, same, differences, otherRegion };
}

/** Which region of the one side stands for which of the other. */
class RegionPairs {
  readonly #server: Lane;
  readonly #model: Lane;
  readonly #ofServer = new Map<number, number>();
  readonly #ofModel = new Map<number, number>();

  constructor(server: Lane, model: Lane) {
    this.#server = server;
    this.#model = model;
  }

  /** Pairs the regions of two equal requests. Returns false if one of them is paired with another already. */
  pair(atServer: number, atModel: number): boolean {
    const inServer = this.#server.handle(atServer);
    const inModel = this.#model.handle(atModel);
    const [sign] = this.#server.list.text(this.#server.token(atServer));
    const isSame =
      sign === '+' ||
      ((this.#ofServer.get(inServer) ?? inModel) === inModel &&
        (this.#ofModel.get(inModel) ?? inServer) === inServer);
    this.#ofServer.set(inServer, inModel);
    this.#ofModel.set(inModel, inServer);
    if (sign !== '-') return isSame;
    this.#ofServer.delete(inServer);
    this.#ofModel.delete(inModel);
    return isSame;
  }
}

/** Returns how many requests of each side to pass over, as few as possible, so that a run of equal ones follows. */
function nextCommon(server: Lane, atServer: number, model: Lane, atModel: number): readonly [number, number] {
  const leftServer = server.length - atServer;
  const leftModel = model.length - atModel;
  for (const [window, run] of ATTEMPTS) {
    const starts = new Map<string, number>();
    for (let skip = Math.min(window, leftModel) - 1; skip >= 0; skip--) {
      starts.set(runAt(model, atModel + skip, run), skip);
    }
    let best: readonly [number, number] | undefined;
    for (let skip = 0; skip < Math.min(window, leftServer); skip++) {
      if (best !== undefined && skip >= best[0] + best[1]) break;
      const other = starts.get(runAt(server, atServer + skip, run));
      if (other !== undefined && (best === undefined || skip + other < best[0] + best[1]))
        best = [skip, other];
    }
    if (best !== undefined) return best;
  }
  return [leftServer, leftModel];
}

function runAt(lane: Lane, from: number, run: number): string {
  const tokens: number[] = [];
  for (let at = from; at < Math.min(lane.length, from + run); at++) tokens.push(lane.token(at));
  return tokens.join();
}
