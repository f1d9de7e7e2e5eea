/** The replies of the commands that the lab itself answers. This runs in the lab's thread. */
import { rdbStatsSection, statMemoryLines } from '../analysis/index.js';
import { latin1Bytes, MIB } from '../base/index.js';
import { encodingOfKey } from '../model/index.js';
import { bulk, error, integer, type LabReply, text } from '../resp/node.js';
import { drainabilityLines, memoryLines, statsLines } from './info-lines.js';
import type { InspectionContext, LabStatus, LiveLab } from './live-lab.js';
import { pinsReply } from './pins-reply.js';
import { memoryUsageReply, slotStatsReply, slotVerifyReply } from './slot-replies.js';

export async function executeLabCommand(
  lab: LiveLab,
  words: readonly string[],
  context: InspectionContext,
): Promise<LabReply> {
  const [name = '', sub = ''] = words.map((word) => word.toLowerCase());
  switch (name) {
    case 'info':
      return info(lab, words.slice(1), context);
    case 'bgsave':
      return statMemory(lab, words);
    case 'memory':
      return memory(lab, sub, words, context);
    case 'cluster':
      return slotStatsReply(lab.server, words.slice(2));
    case 'debug':
      return slotVerifyReply(lab.server, words.slice(2));
    case 'object':
      return encoding(lab, words[2] ?? '', context.client);
    default:
      return error(`ERR the lab has no answer to '${name}'`);
  }
}

/** Returns the lab's part of INFO, which the caller inserts into the rest. */
async function info(
  lab: LiveLab,
  sections: readonly string[],
  { isStandalone }: InspectionContext,
): Promise<LabReply> {
  if (sections.some((section) => section.toLowerCase() === 'rdb_stats')) {
    return text(rdbStatsSection(lab.typeProfile()));
  }
  const snapshot = await lab.survey();
  if (sections.some((section) => section.toLowerCase() === 'stats')) return text(statsLines(snapshot));
  const own = drainabilityLines(snapshot);
  if (!isStandalone) return text(own);
  const { server, engine } = lab;
  const jemalloc = engine.info.jemallocVersion;
  return text(memoryLines({ snapshot, server, profile: lab.typeProfile(), jemalloc }) + own);
}

function encoding(lab: LiveLab, key: string, client: number): LabReply {
  const { server } = lab;
  const database = server.databases[lab.databaseOf(client)]!;
  const name = encodingOfKey(server.keyspace, database, latin1Bytes(key));
  return name === undefined ? { kind: 'null' } : bulk(name);
}

function statMemory(lab: LiveLab, words: readonly string[]): LabReply {
  // STAT_MEMORY excludes SCHEDULE and CANCEL, as in the server that introduced it.
  if (words.length !== 2) return error('ERR syntax error');
  return text(statMemoryLines(lab.typeProfile()).join('\n'));
}

async function memory(
  lab: LiveLab,
  sub: string,
  words: readonly string[],
  { isStandalone, client }: InspectionContext,
): Promise<LabReply> {
  if (sub === 'usage') return memoryUsageReply(lab.server, lab.databaseOf(client), words.slice(2));
  if (sub === 'pins') return pinsReply(lab, words.slice(2));
  if (words.length === 2) {
    if (sub === 'stats') return stats(lab);
    if (sub === 'doctor') return text(doctor(await lab.status()));
    if (sub === 'malloc-stats' && isStandalone) return text(await lab.statistics());
    if (sub === 'purge' && isStandalone) {
      lab.server.heap.purge();
      return { kind: 'status', text: 'OK' };
    }
  }
  return error(`ERR the lab has no answer to MEMORY ${sub.toUpperCase()} with ${words.length - 2} arguments`);
}

/** Returns MEMORY STATS. Figures have the server's names where they mean the same, and otherwise those of INFO. */
async function stats(lab: LiveLab): Promise<LabReply> {
  const { memory: totals, drainprof } = await lab.survey();
  const profile = lab.typeProfile();
  const perKey = profile.keys === 0 ? 0 : Math.floor(profile.userDataBytes / profile.keys);
  const figures: readonly (readonly [string, number | string])[] = [
    ['total.allocated', totals.usedMemory],
    ['replication.backlog', profile.replicationBacklogBytes],
    ['clients.normal', profile.clients.normalBytes],
    ['clients.slaves', profile.clients.replicaBytes],
    ['aof.buffer', profile.aofBufferBytes],
    ['overhead.hashtable.main', profile.keyspaceBytes],
    ['overhead.hashtable.expires', profile.expiresBytes],
    ['overhead.total', profile.usedMemory - profile.userDataBytes],
    ['keys.count', profile.keys],
    ['keys.bytes-per-key', perKey],
    ['dataset.bytes', profile.userDataBytes],
    ['allocator.allocated', totals.allocated],
    ['allocator.active', totals.active],
    ['allocator.resident', totals.resident],
    ['allocator-fragmentation.ratio', totals.fragmentationRatio.toFixed(4)],
    ['allocator-fragmentation.bytes', totals.active - totals.allocated],
    ['drainability.ratio', drainprof.dsr.toFixed(4)],
    ['drainability.slabs', drainprof.tracked],
    ['drainability.pinned', drainprof.pinned],
    ['drainability.bytes-above-minimum', drainprof.bytesAboveMinimum],
  ];
  return {
    kind: 'map',
    entries: figures.map(([name, value]) => [
      bulk(name),
      typeof value === 'number' ? integer(value) : bulk(value),
    ]),
  };
}

/** MEMORY DOCTOR has no advice below this. */
const MIN_DOCTOR_BYTES = 5 * MIB;

/** Returns the sentences of MEMORY DOCTOR. */
function doctor({ snapshot, keys }: LabStatus): string {
  const { memory: totals, drainprof } = snapshot;
  if (totals.usedMemory < MIN_DOCTOR_BYTES) {
    return `Nothing to worry about yet: ${totals.usedMemory} bytes are in use, too few for their holes to matter.`;
  }
  const wasted = drainprof.bytesAboveMinimum;
  const share = wasted / Math.max(1, totals.active);
  const sentences = [
    `${keys} keys, ${totals.usedMemory} bytes in use in ${totals.active} bytes of pages ` +
      `(ratio ${totals.fragmentationRatio.toFixed(2)}).`,
    `${drainprof.pinned} of ${drainprof.tracked} slabs are pinned by at least one live region; ` +
      `${drainprof.slabsAboveMinimum} more slabs (${wasted} bytes) are open than the live regions need.`,
  ];
  if (share < 0.1) sentences.push('That is little: nothing has to be done.');
  else {
    sentences.push(
      'They come back only when their last regions are freed: see MEMORY PINS for whose they are. ' +
        'Active defragmentation moves regions together; MEMORY PURGE gives back only pages without any.',
    );
  }
  return sentences.join('\n');
}
