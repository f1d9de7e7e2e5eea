import type { Call } from '../call.js';
import type { CommandSpec } from '../command-table.js';
import { Owner } from '../owners.js';
import { SdsString } from '../sds-string.js';

/** Texts that a server writes about itself: an sds that is appended to, then copied into the reply, then freed. */

/** Bytes of INFO's sections, as a server that is a few minutes old writes them. */
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
/** All of the allocator's own statistics; they come in pieces of 64 KB at most. */
const ALLOCATOR_STATISTICS = 24_000;
/** A section is printed into a buffer twice as long as its format, if that is too long for the one on the stack. */
const STACK_BUFFER = 1024;

function info(call: Call): void {
  const name = call.argc > 1 ? call.text(1).toLowerCase() : 'default';
  const known = SECTIONS[name];
  replyWith(call, known === undefined ? Object.values(SECTIONS) : [known]);
}

function memory(call: Call): void {
  if (call.is(1, 'MALLOC-STATS')) {
    replyWith(call, [ALLOCATOR_STATISTICS]);
    return;
  }
  if (call.is(1, 'PURGE')) call.heap.purge();
  if (call.is(1, 'USAGE')) call.reply.integer(64);
  else call.reply.status();
}

function replyWith(call: Call, pieces: readonly number[]): void {
  const { heap, version } = call;
  // Formats are longer than what they print from 7.2 on, which has more of them with widths and names.
  const formatShare = version.generation === 70 ? 1 : 1.2;
  const text = new SdsString(heap, Owner.temporary).create(0);
  for (const piece of pieces) {
    const isPrinted = piece * 2 > STACK_BUFFER && piece < ALLOCATOR_STATISTICS;
    const buffer = isPrinted ? heap.malloc(Math.round(piece * formatShare * 2), Owner.temporary) : 0;
    text.makeRoomFor(piece, true);
    text.length += piece;
    if (buffer !== 0) heap.free(buffer);
  }
  call.reply.bulk(text.length);
  text.free();
}

export const TEXT_COMMANDS: readonly CommandSpec[] = [
  { name: 'info', handler: info, arity: -1 },
  { name: 'memory', handler: memory, arity: -2, hasParts: true },
];
