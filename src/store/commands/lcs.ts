import { LCS_OF_OTHERS, parseLcs } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { unsupported } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';

/** LCS key key [LEN]: the longest common subsequence of both texts. */
function lcs(ask: CommandContext): void {
  const texts = [1, 2].map((index) => {
    const content = ask.find(index)?.content;
    if (content === undefined) return '';
    if (!(content instanceof StringContent)) ask.refuse(LCS_OF_OTHERS);
    return content.text;
  });
  const [left, right] = texts as [string, string];
  const { onlyLength } = ask.allowed(parseLcs(ask));
  if ((left.length + 1) * (right.length + 1) * 4 > ask.maxBytes) {
    ask.refuse('ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len');
  }
  const lengths = commonLengths(left, right);
  if (onlyLength) ask.reply.integer(lengths(left.length, right.length));
  else ask.reply.bulk(commonText(left, right, lengths));
}

/** Returns a function that gives the length of the longest common subsequence of two prefixes. */
function commonLengths(left: string, right: string): (first: number, second: number) => number {
  const width = right.length + 1;
  const table = new Uint32Array((left.length + 1) * width);
  for (let i = 1; i <= left.length; i++) {
    for (let j = 1; j <= right.length; j++) {
      const at = i * width + j;
      const isSame = left.charCodeAt(i - 1) === right.charCodeAt(j - 1);
      table[at] = isSame ? table[at - width - 1]! + 1 : Math.max(table[at - width]!, table[at - 1]!);
    }
  }
  return (first, second) => table[first * width + second]!;
}

function commonText(left: string, right: string, lengths: (i: number, j: number) => number): string {
  const found: string[] = [];
  for (let i = left.length, j = right.length; i > 0 && j > 0; ) {
    if (left[i - 1] === right[j - 1]) {
      found.push(left[i - 1]!);
      i--;
      j--;
    } else if (lengths(i - 1, j) > lengths(i, j - 1)) i--;
    else j--;
  }
  return found.reverse().join('');
}

/** Refuses IDX, because the store does not report the positions of matches. */
function refuseIndexes(args: readonly string[]): string | undefined {
  const asksIndexes = args.slice(3).some((arg) => arg.toUpperCase() === 'IDX');
  return asksIndexes ? unsupported('LCS IDX') : undefined;
}

export const LCS_ANSWERS: StoreHandlers = {
  lcs: { handler: lcs, refusal: refuseIndexes },
};
