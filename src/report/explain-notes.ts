/** Writes the notes of an explanation: what was missing, damaged, assumed, or left out. */
import type { Explanation, Note } from '../analysis/index.js';
import { formatBytes, plural } from '../base/index.js';

export function noteText(note: Note, { server }: Explanation): string {
  const cli = server.product === 'valkey' ? 'valkey-cli' : 'redis-cli';
  switch (note.kind) {
    case 'no-malloc-stats':
      return (
        `From INFO alone. With what \`${cli} MEMORY MALLOC-STATS\` prints as well, explain tells parked regions from other ` +
        'code, dirty pages from metadata, holes by size class, and what rounding can cost.'
      );
    case 'stats-damaged':
      return (
        `The statistics of jemalloc are not whole: ${note.why}. ` +
        (note.used === 'totals'
          ? 'Only their totals are used, so holes are not told by size class.'
          : 'They are not used; the answer is that of INFO alone.')
      );
    case 'sampling':
      return (
        `The two texts are not of one moment: INFO's last sample has ${formatBytes(note.info)} allocated, the statistics ` +
        `${formatBytes(note.stats)}. INFO samples every 100 ms; take both again while the server rests.`
      );
    case 'built-with':
      return (
        `INFO says \`mem_allocator:${note.allocator}\`, which the server was built with. It runs on jemalloc ${note.runsOn}, ` +
        'as its statistics say.'
      );
    case 'left-out':
      return (
        `${plural(note.lines, 'line')} ${note.lines === 1 ? 'is' : 'are'} neither INFO nor MEMORY MALLOC-STATS, and left ` +
        `out; the first: "${note.first}".`
      );
    case 'several':
      return `The text has ${note.count} outputs of ${note.what}; ${note.place.startsWith('the first') ? note.place : `the one that begins at ${note.place}`} was read.`;
    case 'arenas':
      return (
        `The text has neither totals nor merged tables: these are the slabs of ${note.arenas.length === 1 ? 'arena' : 'arenas'} ` +
        `${note.arenas.join(', ')} alone.`
      );
    case 'defrag-running':
      return 'Active defragmentation is running: holes are becoming fewer, dirty pages more.';
    case 'child':
      return (
        `A child process (a save or an AOF rewrite) holds ${formatBytes(note.bytes)} of copies beside this RSS; they go ` +
        'when it ends.'
      );
    case 'missing':
      return `Not in the text: ${quoted(note.fields)}. What they would tell apart counts together.`;
    case 'unreadable':
      return note.field === 'mem_allocator'
        ? `\`${note.field}:${note.value}\` is the name of no allocator, so it was not used.`
        : `\`${note.field}:${note.value}\` is no number of bytes, so it was not used.`;
    case 'rounded':
      return `Rounded in the text: ${quoted(note.fields)}. The parts are as exact as they are.`;
    case 'derived':
      return (
        `\`${note.field}\` is not in the text; it was computed with \`${note.from}\`` +
        `${note.from.endsWith('_ratio') ? ', which has two decimals' : ''}.`
      );
    case 'wrapped':
      return `The server's counter \`${note.field}\` wrapped below zero, by ${formatBytes(note.bytes)}, so it was not used.`;
    case 'contradicted':
      return `\`${note.field}:${note.value}\` and \`${note.by}\` contradict each other: one of them is damaged.`;
    case 'cut':
      return `The text ends in the value of \`${note.field}\` (${note.value}), which may have been cut.`;
    case 'no-rss':
      return (
        'The RSS is not in the text, so memory outside jemalloc cannot be told; compare the total with VmRSS in ' +
        '/proc/PID/status.'
      );
    case '32-bit':
      return 'A 32-bit server: its objects are smaller than those of the lab, so no command of the lab shows the same.';
    case 'page-size':
      return `The text does not have the size of pages; ${note.bytes} bytes were assumed.`;
    case 'product':
      return note.text;
  }
}

function quoted(fields: readonly string[]): string {
  return fields.map((field) => `\`${field}\``).join(', ');
}
