import { LCS_OF_OTHERS, type LcsRequest, parseLcs } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { StoreHandlers } from '../store-command.js';
import { StringContent } from '../values.js';

/** LCS key key [LEN] [IDX] [MINMATCHLEN n] [WITHMATCHLEN]: the longest common subsequence of both texts. */
function lcs(ask: CommandContext): void {
  const texts = [1, 2].map((index) => {
    const content = ask.find(index)?.content;
    if (content === undefined) return '';
    if (!(content instanceof StringContent)) ask.refuse(LCS_OF_OTHERS);
    return content.text;
  });
  const [left, right] = texts as [string, string];
  const request = ask.allowed(parseLcs(ask));
  if ((left.length + 1) * (right.length + 1) * 4 > ask.maxBytes) {
    ask.refuse('ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len');
  }
  const lengths = commonLengths(left, right);
  const length = lengths(left.length, right.length);
  if (request.withPlaces) replyMatches(ask, request, matchesOf(left, right, lengths), length);
  else if (request.onlyLength) ask.reply.integer(length);
  else ask.reply.bulk(commonText(left, right, lengths));
}

/** The places in both texts of consecutive bytes that match, the last byte included. */
interface Match {
  left: number;
  right: number;
  readonly leftEnd: number;
  readonly rightEnd: number;
}

function replyMatches(
  { reply }: CommandContext,
  { minLength, withLengths }: LcsRequest,
  matches: readonly Match[],
  length: number,
): void {
  const reported = matches.filter(({ left, leftEnd }) => leftEnd - left + 1 >= minLength);
  reply.map(2);
  reply.bulk('matches');
  reply.array(reported.length);
  for (const { left, leftEnd, right, rightEnd } of reported) {
    reply.array(withLengths ? 3 : 2);
    for (const [first, last] of [
      [left, leftEnd],
      [right, rightEnd],
    ] as const) {
      reply.array(2);
      reply.integer(first);
      reply.integer(last);
    }
    if (withLengths) reply.integer(leftEnd - left + 1);
  }
  reply.bulk('len');
  reply.integer(length);
}

/** Returns the matches from the end of the texts on, as a server finds them (t_string.c: lcsCommand). */
function matchesOf(left: string, right: string, lengths: (i: number, j: number) => number): Match[] {
  const matches: Match[] = [];
  let open: Match | undefined;
  const close = () => {
    if (open !== undefined) matches.push(open);
    open = undefined;
  };
  for (let i = left.length, j = right.length; i > 0 && j > 0; ) {
    if (left[i - 1] !== right[j - 1]) {
      if (lengths(i - 1, j) > lengths(i, j - 1)) i--;
      else j--;
      close();
      continue;
    }
    i--;
    j--;
    if (open === undefined) open = { left: i, right: j, leftEnd: i, rightEnd: j };
    else {
      open.left = i;
      open.right = j;
    }
  }
  close();
  return matches;
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

export const LCS_ANSWERS: StoreHandlers = { lcs };
