/**
 * Streams of commands that a real server and the model are both given. Each is seeded: the same commands in the same
 * order at the same virtual times on every machine.
 *
 * Nothing in them is left to the server's own dice or clock where that would change a size (no SPOP, no XADD with
 * `*`); what dice remain are the levels of skiplist nodes.
 */
import { type Command, CommandWriter } from '#slablab/src/commands/index.js';

import { cluster } from './streams/cluster.js';
import { hashes, lists, sets, sortedSets, streamEntries } from './streams/containers.js';
import { conversions } from './streams/conversions.js';
import { expiry, sessions } from './streams/expiry.js';
import { fieldExpiry } from './streams/field-expiry.js';
import { databases, keysRenamedAndCopied } from './streams/keys.js';
import { mix } from './streams/mix.js';
import { applications, groups, served, slotsComeAndGo, transactions } from './streams/short/clients.js';
import {
  limitsChanged,
  listLimits,
  scoreChanges,
  setAlgebra,
  tablesChurn,
} from './streams/short/containers.js';
import { fieldForms, fieldsDie } from './streams/short/fields.js';
import { embedding, growingStrings, pipelines } from './streams/short/strings.js';
import { bigValues, stringsDeleted, stringsOverwritten, tableGrowsAndShrinks } from './streams/strings.js';

export type Words = readonly (string | Uint8Array)[];

/** What a stream yields: a command of the first client or another, or so many milliseconds without one. */
export type Step = Words | { readonly client: number; readonly words: Words } | { readonly pauseMs: number };

export interface FidelityStream {
  readonly name: string;
  readonly summary: string;
  /** With arguments of 32 KB and more, each of which the server reads by itself, so that it reads more often than is sent. */
  readonly hasBigArguments?: boolean;
  /** On a server in cluster mode that serves all slots. */
  readonly isCluster?: boolean;
  /** Without tcaches, regions are those that are live, so that some thousand commands can be compared. */
  readonly isShort?: boolean;
  /** The recorded servers that have its commands; all, if left out. */
  readonly servers?: readonly string[];
  readonly steps: () => Iterable<Step>;
}

export const STREAMS: readonly FidelityStream[] = [
  stringsOverwritten,
  stringsDeleted,
  tableGrowsAndShrinks,
  bigValues,
  lists,
  hashes,
  sets,
  sortedSets,
  streamEntries,
  conversions,
  expiry,
  sessions,
  fieldExpiry,
  keysRenamedAndCopied,
  databases,
  cluster,
  mix,
];

/** Each has what the long ones have little of, and was recorded without tcaches. */
export const SHORT_STREAMS: readonly FidelityStream[] = [
  embedding,
  pipelines,
  growingStrings,
  scoreChanges,
  setAlgebra,
  listLimits,
  tablesChurn,
  limitsChanged,
  fieldForms,
  fieldsDie,
  groups,
  transactions,
  applications,
  served,
  slotsComeAndGo,
].map((stream) => ({ ...stream, isShort: true }));

export const ALL_STREAMS: readonly FidelityStream[] = [...STREAMS, ...SHORT_STREAMS];

/** What both allocators are told. */
export function allocatorConf({ isShort }: FidelityStream): string {
  return isShort === true ? 'tcache:false' : '';
}

export function findStream(name: string): FidelityStream {
  const stream = ALL_STREAMS.find((known) => known.name === name);
  if (stream !== undefined) return stream;
  throw new Error(
    `no fidelity stream \`${name}\`; known: ${ALL_STREAMS.map((known) => known.name).join(', ')}`,
  );
}

/** Commands come in bursts, one after each tick of the server's cron: how often it ran before each is then known. */
const BURST = 4000;
const TICK_MS = 100;

export function* commandsOf({ steps }: FidelityStream): Generator<Command> {
  const writer = new CommandWriter();
  let timeMs = 0;
  let inBurst = 0;
  for (const step of steps()) {
    if ('pauseMs' in step) {
      timeMs += step.pauseMs;
      inBurst = 0;
      continue;
    }
    if (inBurst === BURST) {
      timeMs += TICK_MS;
      inBurst = 0;
    }
    inBurst++;
    yield 'words' in step ? writer.parts(step.words, step.client, timeMs) : writer.parts(step, 0, timeMs);
  }
}
