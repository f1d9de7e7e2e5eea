/**
 * What keeping account costs: the lab's throughput in one thread with each kind of account, beside none, in commands per
 * second of the processor; and what an account of slots takes of the process per key. Laps take turns, each in a process
 * of its own, and each round begins with another one: what a lap leaves behind for the next is everybody's lot. A lap is
 * so long because the first half second of each goes to compilers, by chance more or less of it. Two equal laps are 3%
 * apart, and costs are of that order; so there are many rounds, two at a time, and each share is printed with its
 * standard error.
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { KeysMemory } from './keys-memory.js';
import type { LabLap } from './lab-lap.js';
import type { Leg, Table } from './leg.js';
import { type Centre, centre, median, shareText } from './measured.js';
import { TRAFFICS } from './traffic.js';

/** none; by cluster slot; by type; by type, key pattern and age; the same with a pin report at the end. */
export const ACCOUNTS = ['none', 'slots', 'types', 'owners', 'report'] as const;
type Account = (typeof ACCOUNTS)[number];

const COMMANDS = 4_000_000;
const ROUNDS = 12;
/** Rounds at a time. */
const LANES = Math.min(2, availableParallelism());
const KEYS = 1_000_000;

interface AccountingResult {
  readonly traffics: readonly AccountingCost[];
  /** Bytes of the process per key that accounting for slots adds; 4 are its word. */
  readonly slotBytesPerKey: number;
}

interface AccountingCost {
  readonly traffic: string;
  /** Commands per second of the processor without any account. */
  readonly plain: number;
  /** The share of it that each kind of account costs. */
  readonly cost: Readonly<Record<Exclude<Account, 'none'>, Centre>>;
}

const run = promisify(execFile);
const program = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const KINDS = ACCOUNTS.filter((account) => account !== 'none');

export const accounting: Leg = {
  title: 'Accounts',
  about: "What each kind of account takes of one thread's throughput, beside none, from start to end.",
  async measure() {
    const result = await measureTraffics();
    return { tables: tablesOf(result), goals: [], figures: result };
  },
};

function tablesOf({ traffics, slotBytesPerKey }: AccountingResult): Table[] {
  const rows = traffics.map(({ traffic, plain, cost }) => [
    traffic,
    (plain / 1e6).toFixed(2),
    ...KINDS.map((account) => shareText(cost[account])),
  ]);
  const caption = `Share of the throughput, mean of ${ROUNDS} rounds of laps of ${COMMANDS} without the highest and the lowest`;
  return [
    { caption, columns: ['commands', 'M per CPU s', ...KINDS], rows },
    {
      caption: 'What an account of slots takes of the process',
      columns: ['', 'B'],
      rows: [['a key', slotBytesPerKey.toFixed(1)]],
    },
  ];
}

async function measureTraffics(): Promise<AccountingResult> {
  const traffics: AccountingCost[] = [];
  for (const { name } of TRAFFICS) {
    const rounds: Record<Account, number>[] = [];
    let begun = 0;
    const lane = async () => {
      while (begun < ROUNDS) rounds.push(await roundOf(name, begun++));
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    const plain = median(rounds.map(({ none }) => none));
    const cost = Object.fromEntries(
      KINDS.map((account) => [account, centre(rounds.map((rates) => 1 - rates[account] / rates.none))]),
    ) as Record<Exclude<Account, 'none'>, Centre>;
    traffics.push({ traffic: name, plain, cost });
  }
  const slotBytesPerKey = (await bytesPerKey('slots')) - (await bytesPerKey());
  return { traffics, slotBytesPerKey };
}

/** The rate of each. */
async function roundOf(traffic: string, round: number): Promise<Record<Account, number>> {
  const rates = { none: 0, slots: 0, types: 0, owners: 0, report: 0 };
  for (let turn = 0; turn < ACCOUNTS.length; turn++) {
    const account = ACCOUNTS[(round + turn) % ACCOUNTS.length]!;
    rates[account] = await lap(traffic, account);
  }
  return rates;
}

async function lap(traffic: string, account: Account): Promise<number> {
  const { stdout } = await run(process.execPath, [
    program('lab-lap.js'),
    traffic,
    `${COMMANDS}`,
    '1',
    account,
  ]);
  return (JSON.parse(stdout) as LabLap).commandsPerCpuSecond;
}

async function bytesPerKey(...account: readonly string[]): Promise<number> {
  const { stdout } = await run(process.execPath, [program('keys-memory.js'), '0', `${KEYS}`, ...account]);
  return (JSON.parse(stdout) as KeysMemory).bytesPerKey;
}
