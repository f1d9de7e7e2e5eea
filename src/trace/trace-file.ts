import { cpus } from 'node:os';
import type { NamedOwner, OpsMetadata } from '../stream/index.js';
import { OpsFileWriter } from '../stream/node.js';
import { parseMaps } from './memory-map.js';
import { Merge } from './merge-streams.js';
import { nameFrames } from './name-frames.js';
import type { RecordedImage } from './raw-recording.js';
import { peakOf, recordedCounts, type WrittenTrace } from './written-trace.js';

/** Writes the operations of a recorded image as an `.ops` file. */
export async function writeTrace(
  image: RecordedImage,
  path: string,
  onProgress: (operations: number) => void = () => {},
): Promise<WrittenTrace> {
  const merge = new Merge(image);
  const file = await OpsFileWriter.create(path, metadataOf(image), { isPacked: true });
  try {
    for (const chunk of merge.chunks()) {
      await file.write(chunk);
      onProgress(merge.operations);
    }
    const { owners, problems } = await namedOwners(merge, image);
    const recorded = recordedCounts(merge.operations, merge.counts, image.lost);
    await file.writeNames({ owners, recorded, ...peakOf(merge.peakAt) });
    await file.finish();
    return {
      operations: merge.operations,
      counts: merge.counts,
      sites: owners.length,
      recorded,
      problems: [...merge.problems, ...problems],
    };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

function metadataOf({ facts, threads }: RecordedImage): OpsMetadata {
  const { command, image, pid, quantum, page, narenas, version, conf } = facts;
  return {
    workload: nameOf(image, command),
    server: 'none',
    parameters: {},
    phases: ['end'],
    program: {
      command,
      image,
      pid,
      cpus: cpus().length,
      threads,
      ...(quantum === undefined ? {} : { quantum }),
      ...(page === undefined ? {} : { pageSize: page }),
      ...(narenas === undefined ? {} : { narenas }),
      ...(version === undefined ? {} : { jemalloc: version }),
      ...(conf === undefined ? {} : { mallocConf: conf }),
    },
  };
}

/** The name of a program: the last part of its path. */
export function nameOf(image: string, command: readonly string[]): string {
  const path = image === '' ? (command[0] ?? 'program') : image;
  return path.split('/').pop() || 'program';
}

async function namedOwners(
  merge: Merge,
  image: RecordedImage,
): Promise<{ owners: NamedOwner[]; problems: readonly string[] }> {
  const sites = [...merge.tags].map(([site, tag]) => ({ tag, addresses: merge.sites.get(site) ?? [] }));
  const addresses = sites.flatMap((site) => [...site.addresses]);
  const { names, problems } = await nameFrames(addresses, parseMaps(image.maps));
  const owners = sites.map(({ tag, addresses }) => ({
    tag,
    frames: addresses.flatMap((address) => names.get(address) ?? []),
  }));
  return { owners, problems };
}
