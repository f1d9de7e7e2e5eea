/** What the model asks its allocator for while it carries out a fidelity stream. */
import { argumentText, type Command } from '#slablab/src/commands/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { CONTAINER_KIND_NAMES, ContainerKind } from '#slablab/src/model/heap/container-kind.js';
import { isArgument, StructKind } from '#slablab/src/model/heap/struct-kind.js';
import { kindOfTag, STRUCT_KIND_NAMES } from '#slablab/src/model/index.js';
import { commandSource } from '#slablab/src/run/command-source.js';
import { SETTLE_MS } from '#slablab/src/verify/server-session.js';
import { commandsOf, type FidelityStream } from '../streams.js';
import { RequestList } from './request-list.js';

export interface ModelRequests {
  readonly requests: RequestList;
  /** The index of the first request of the first command. */
  readonly first: number;
  /** The number of the command that each request belongs to; below 0 before the first one. */
  readonly commandOf: readonly number[];
  readonly commands: readonly string[];
  /** Returns the use of the region. */
  readonly useOf: (owner: number) => string;
}

const KIND_NAMES: Readonly<Record<number, string>> = { ...STRUCT_KIND_NAMES, ...CONTAINER_KIND_NAMES };

function useOf(owner: number): string {
  return KIND_NAMES[kindOfTag(owner)] ?? `owner ${owner}`;
}

const SHOWN_CHARACTERS = 60;

export async function modelRequests(stream: FidelityStream, server: string): Promise<ModelRequests> {
  const commands: string[] = [];
  function* followed(): Generator<Command> {
    for (const command of commandsOf(stream)) {
      commands.push(shown(command));
      yield command;
    }
  }
  const source = commandSource({
    name: stream.name,
    server,
    settleMs: SETTLE_MS,
    hasIdlePhase: true,
    isObserved: true,
    isCluster: stream.isCluster === true,
    commands: followed,
  });
  const engine = await openEngine({ build: 'q4', conf: '', hooks: 'complete', runtime: 'wasm' });
  const requests = new RequestList({
    isNode: (owner) => kindOfTag(owner) === ContainerKind.skiplistNode,
    isBareEntry: (owner) => kindOfTag(owner) === StructKind.dictEntry,

    isArgument,
  });
  const commandOf: number[] = [];
  try {
    for await (const chunk of source.open(engine.info)) {
      const from = requests.length;
      requests.add(chunk);
      for (let index = from; index < requests.length; index++) {
        commandOf.push(source.commandsUpTo(requests.positions[index]!));
      }
    }
    const before = source.commandsUpTo(Number.MAX_SAFE_INTEGER) - commands.length;
    return {
      requests,
      first: commandOf.findIndex((number) => number >= before),
      commandOf: commandOf.map((number) => number - before),
      commands,
      useOf,
    };
  } finally {
    await engine.close();
    await source.close();
  }
}

function shown(command: Command): string {
  const words = Array.from({ length: command.argumentCount }, (_, index) => argumentText(command, index));
  return words.join(' ').slice(0, SHOWN_CHARACTERS);
}
