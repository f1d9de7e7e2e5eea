/**
 * Simulates a queue with many machines, from measured times: `node dist/test/bench/queue-simulation.js [cell ms]`. The
 * server and the producer each do one thing at a time. Machines run cells side by side.
 */

/** Times in milliseconds of processor, which docs/scale.md explains. */
interface Costs {
  /** The server hands out a slice and takes it back. */
  readonly serverSliceMs: number;
  /** The server keeps a result and gives it to the producer. */
  readonly serverCellMs: number;
  /** The producer unpacks a result and writes it to its journal. */
  readonly producerCellMs: number;
  /** An idle or busy machine asks about its sweeps and says that it lives, in server time a second. */
  readonly serverMachineMsPerSecond: number;
}

export const MEASURED: Costs = {
  serverSliceMs: 0.23,
  serverCellMs: 0.27,
  producerCellMs: 1.57,
  serverMachineMsPerSecond: 0.1,
};

interface Outcome {
  readonly machines: number;
  readonly cellsPerSecond: number;
  /** The share of the machines' time in which cells run. */
  readonly machinesBusy: number;
  readonly serverBusy: number;
  readonly producerBusy: number;
}

const CORES = 8;
const CELLS_A_CORE = 160;

/** Runs 160 cells for each core, in slices. */
export function simulate(machines: number, cellMs: number, sliceCells: number, costs: Costs): Outcome {
  const cores = machines * CORES;
  // What machines say while they live slows the server down for everything else.
  const slowdown = Math.max(0.001, 1 - (machines * costs.serverMachineMsPerSecond) / 1000);
  const sliceMs = (costs.serverSliceMs + sliceCells * costs.serverCellMs) / slowdown;
  let serverFreeAt = 0;
  let producerFreeAt = 0;
  const slices = Math.ceil((cores * CELLS_A_CORE) / sliceCells);
  // Slices are equally long, so cores come to the server in turn, and a ring is their order.
  const freeAt = new Float64Array(cores);
  for (let slice = 0; slice < slices; slice++) {
    const core = slice % cores;
    const start = Math.max(serverFreeAt, freeAt[core]!);
    serverFreeAt = start + sliceMs;
    freeAt[core] = serverFreeAt + sliceCells * cellMs;
    producerFreeAt = Math.max(producerFreeAt, freeAt[core]!) + sliceCells * costs.producerCellMs;
  }
  const wallMs = Math.max(producerFreeAt, serverFreeAt);
  const cells = slices * sliceCells;
  return {
    machines,
    cellsPerSecond: (1000 * cells) / wallMs,
    machinesBusy: (cells * cellMs) / (cores * wallMs),
    serverBusy: Math.min(1, (slices * sliceMs) / wallMs),
    producerBusy: (cells * costs.producerCellMs) / wallMs,
  };
}

function main(cellMs: number): void {
  const percent = (share: number) => `${Math.round(100 * share)}%`.padStart(8);
  process.stdout.write('machines  cells/s  machines busy  server busy  producer busy\n');
  for (const machines of [1, 10, 100, 1000, 10_000]) {
    const { cellsPerSecond, machinesBusy, serverBusy, producerBusy } = simulate(
      machines,
      cellMs,
      16,
      MEASURED,
    );
    process.stdout.write(
      `${String(machines).padStart(8)}  ${String(Math.round(cellsPerSecond)).padStart(7)}  ${percent(machinesBusy)}` +
        `       ${percent(serverBusy)}     ${percent(producerBusy)}\n`,
    );
  }
}

if (process.argv[1]?.endsWith('queue-simulation.js')) main(Number(process.argv[2] ?? 1000));
