import { SdsString, StructKind } from '../heap/index.js';
import { memoryUsage, parseSamples } from '../inspect/index.js';
import { ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';

/** A server appends a text about itself to an sds, copies it to the reply and frees it. */

/** The bytes of INFO's sections in a server that has run for a few minutes. */
const SECTIONS: Readonly<Record<string, number>> = {
  server: 520,
  clients: 240,
  memory: 1390,
  persistence: 560,
  stats: 1300,
  replication: 340,
  cpu: 190,
  keyspace: 60,
};
/** The bytes of the allocator's statistics; each piece has 64 KB at most. */
const ALLOCATOR_STATISTICS = 24_000;
/** A section is printed to a buffer twice as long as its format, on the heap if it exceeds this stack buffer. */
const STACK_BUFFER = 1024;

function info(call: Call): void {
  const name = call.count > 1 ? call.text(1).toLowerCase() : 'default';
  const known = SECTIONS[name];
  replyWith(call, known === undefined ? Object.values(SECTIONS) : [known]);
}

function memory(call: Call): void {
  if (call.is(1, 'MALLOC-STATS')) {
    replyWith(call, [ALLOCATOR_STATISTICS]);
    return;
  }
  if (call.is(1, 'PURGE')) call.heap.purge();
  if (call.is(1, 'USAGE') && call.count > 2) usage(call);
  else call.reply.status();
}

/** MEMORY USAGE key [SAMPLES n]: the lookup does not check whether the key has expired. */
function usage(call: Call): void {
  const { keyspace, server } = call;
  const options = Array.from({ length: call.count - 3 }, (_, index) => call.text(index + 3));
  const samples = parseSamples(options);
  if (typeof samples === 'string') {
    call.reply.error(samples);
    return;
  }
  const { bytes, start, length } = call.command;
  const row = call.db.find(call.hash(2), bytes, start[2]!, length[2]!);
  if (row === 0) {
    call.reply.nil();
    return;
  }
  const isWalked =
    keyspace.typeOf(row) !== ValueType.string && keyspace.modelOf(row).encoding === 'hashtable';
  const iterator = isWalked ? call.values.iterator(call.version.sizes.dictIterator) : 0;
  call.reply.integer(memoryUsage(server, row, samples));
  call.values.endIterator(iterator);
}

function replyWith(call: Call, pieces: readonly number[]): void {
  const { heap, version } = call;
  const { infoFormatShare } = version.commands;
  const text = new SdsString(heap, StructKind.temporary).create(0);
  for (const piece of pieces) {
    const isPrinted = piece * 2 > STACK_BUFFER && piece < ALLOCATOR_STATISTICS;
    const buffer = isPrinted ? heap.malloc(Math.round(piece * infoFormatShare * 2), StructKind.temporary) : 0;
    text.makeRoomFor(piece, true);
    text.length += piece;
    if (buffer !== 0) heap.free(buffer);
  }
  call.reply.bulk(text.length);
  text.free();
}

export const TEXT_COMMANDS: Handlers = {
  info,
  memory,
};
