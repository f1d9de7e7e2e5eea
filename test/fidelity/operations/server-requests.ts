/** What a real server asks its allocator for while it carries out a fidelity stream: it runs under the recorder. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TemporaryDirectory } from '#slablab/src/output/node.js';
import { openOpsFile } from '#slablab/src/stream/node.js';
import { buildRecorder, listImages, RecordingSession, writeTrace } from '#slablab/src/trace/node.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import type { ServerBinary } from '#slablab/src/verify/server-binary.js';
import { SETTLE_MS, ServerSession } from '#slablab/src/verify/server-session.js';
import { PATIENCE } from '../../support/real-server.js';
import { configurationFor } from '../server-run.js';
import { commandsOf, type FidelityStream } from '../streams.js';
import { RequestList } from './request-list.js';

export interface ServerRequests {
  readonly requests: RequestList;
  /** The index of the first request after the idle survey, and of the first one after the last command and a rest. */
  readonly first: number;
  readonly end: number;
  /** Returns the functions that called. */
  readonly useOf: (owner: number) => string;
  readonly lost: number;
}

/** zmalloc, its caller, and the caller of that. */
const STACKS = 4;

export async function serverRequests(
  stream: FidelityStream,
  binary: ServerBinary,
  shared: RequestList,
): Promise<ServerRequests> {
  const directory = await TemporaryDirectory.make('slablab-operations-');
  try {
    const session = await RecordingSession.open(join(directory.path, 'trace.ops'), {
      maxBytes: 8 * 1024 ** 3,
      isPaused: false,
    });
    try {
      const wrapped = await withRecorder(binary, session.directory, directory.path);
      const counted = await recordedRun(stream, wrapped, session.directory);
      return await read(session.directory, directory.path, counted, shared);
    } finally {
      await session.close();
    }
  } finally {
    await directory.remove();
  }
}

async function recorder(): Promise<string> {
  const made = await buildRecorder('');
  if ('path' in made) return made.path;
  throw new Error(`the recorder cannot be made: ${made.missing}`);
}

/** A script in the place of the server, since a server of tests has no variables of this process. */
async function withRecorder(
  binary: ServerBinary,
  recording: string,
  directory: string,
): Promise<ServerBinary> {
  const path = join(directory, 'server');
  const lines = [
    '#!/bin/sh',
    `export SLABLAB_RECORD='${recording}' SLABLAB_RECORD_STACKS=${STACKS}`,
    // A script starts a server of another release by a loader of its own, which it gives what PRELOAD names.
    `export PRELOAD='${await recorder()}'`,
    ...((await isScript(binary.path)) ? [] : ['export LD_PRELOAD="$PRELOAD"']),
    `exec '${binary.path}' "$@"`,
  ];
  await writeFile(path, `${lines.join('\n')}\n`);
  await chmod(path, 0o755);
  return { ...binary, path };
}

async function isScript(path: string): Promise<boolean> {
  if (!path.includes('/')) return false;
  return (await readFile(path)).subarray(0, 2).toString() === '#!';
}

/** Counts of operations when the idle survey was over, and when the server rested after the last command. */
interface Counted {
  readonly idle: number;
  readonly end: number;
}

async function recordedRun(
  stream: FidelityStream,
  binary: ServerBinary,
  recording: string,
): Promise<Counted> {
  const server = await RealServer.start(binary, {
    // A slow machine makes more entries of the slow log.
    configuration: [...configurationFor(stream, binary), 'slowlog-log-slower-than -1'],
    port: undefined,
    conf: '',
    patience: PATIENCE,
  });
  try {
    const session = await ServerSession.open(server, { pace: 'stream', settleMs: SETTLE_MS });
    await session.survey();
    const idle = await operationsSoFar(recording);
    await session.send(commandsOf(stream));
    await sleep(SETTLE_MS);
    const end = await operationsSoFar(recording);
    session.close();
    return { idle, end };
  } finally {
    await server.stop();
  }
}

async function operationsSoFar(recording: string): Promise<number> {
  const path = join(recording, 'so-far.ops');
  const { operations } = await writeTrace(serverIn(recording), path);
  return operations;
}

function serverIn(recording: string) {
  const [image] = listImages(recording).images;
  if (image === undefined) throw new Error('the server was not recorded');
  return image;
}

async function read(
  recording: string,
  directory: string,
  counted: Counted,
  shared: RequestList,
): Promise<ServerRequests> {
  const image = serverIn(recording);
  const path = join(directory, 'trace.ops');
  await writeTrace(image, path);
  const reader = await openOpsFile(path);
  try {
    const { owners } = await reader.names();
    const names = new Map(owners.map(({ tag, frames }) => [tag, usefulFrames(frames)]));
    const requests = new RequestList(
      {
        isNode: (owner) => /^zsl(CreateNode|Insert)/.test(names.get(owner) ?? ''),
        isBareEntry: (owner) =>
          /^(dictFetchValue|dictCreate < (_dictBucketRehash|dictRehash))/.test(names.get(owner) ?? ''),
        isArgument: (owner) => PARSING.test(names.get(owner) ?? ''),
      },
      shared,
    );
    for await (const chunk of reader.chunks()) requests.add(chunk);
    const indexOf = (operations: number) => {
      const index = requests.positions.findIndex((position) => position >= operations);
      return index < 0 ? requests.length : index;
    };
    return {
      requests,
      first: indexOf(counted.idle),
      end: indexOf(counted.end),
      useOf: (owner) => names.get(owner) ?? '',
      lost: image.lost,
    };
  } finally {
    await reader.close();
  }
}

/** The functions that read commands. They are part of each other in some builds. */
const PARSING = /^(?!.*(QueryBuf|\bcall\b)).*(process|parse)(Multibulk|Input)Buffer/;

/** Functions of the server's own allocator are left out. */
function usefulFrames(frames: readonly string[]): string {
  const names = frames.map((frame) => frame.replace(/ (at|in) .*|\+0x.*/, ''));
  return names
    .filter((name) => !/alloc|^\?/.test(name))
    .slice(0, 3)
    .join(' < ');
}
