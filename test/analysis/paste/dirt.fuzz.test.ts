import { expect, test } from 'vitest';
import { type Explanation, explain } from '#slablab/src/analysis/index.js';
import { InputError, Random } from '#slablab/src/base/index.js';
import { printedSeed } from '../../support/seed.js';
import { inTwo } from '../recorded.js';
import { DAMAGE } from './damage.js';
import { BLANKS, PREFIXES, WRAPPERS } from './dirt.js';

const ROUNDS = Number(process.env.SLABLAB_FUZZ_OPERATIONS ?? 400);
const SERVERS = [
  'fragmented-redis-7.2.6',
  'padding-redis-7.0.15',
  'half-decayed-redis-6.0.16',
  'healthy-debian',
  'lua-redis-7.2.6',
  'clients-valkey-8.0.1',
  'mass-delete-debian',
  'untouched-redis-7.2.6',
  'libc-redis-7.2.6',
];
const DIRT = [PREFIXES, WRAPPERS, BLANKS].map((kinds) => Object.entries(kinds));

/** Notes that say that something is missing or damaged. */
const TELLS = new Set([
  'stats-damaged',
  'missing',
  'unreadable',
  'derived',
  'contradicted',
  'cut',
  'rounded',
  'no-rss',
]);
/** The share of the total from which another size of a part is another answer. */
const SAME = 0.01;
/** Versions of servers differ by so much in the memory of code, which the version tells. */
const CLOSE = 0.06;

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)]!;
}

function isSame(a: Explanation, b: Explanation): boolean {
  if (a.act !== b.act || a.total !== b.total) return false;
  return a.parts.every((part) => {
    const other = b.parts.find(({ name }) => name === part.name);
    if (Math.abs(part.share) < SAME) return true;
    return other?.verdict === part.verdict && Math.abs(other.bytes - part.bytes) < CLOSE * a.total;
  });
}

/** Whether an answer says that it is coarser than it could be. */
function tells(answer: Explanation, clean: Explanation): boolean {
  const kinds = (explanation: Explanation) => explanation.notes.map(({ kind }) => kind);
  if (kinds(answer).some((kind) => TELLS.has(kind))) return true;
  return kinds(answer).includes('no-malloc-stats') && !kinds(clean).includes('no-malloc-stats');
}

/** Returns the answer; null if the text is refused with a reason. */
function explained(text: string, context: string): Explanation | null {
  try {
    return explain([{ name: 'paste', text }]);
  } catch (error) {
    expect(error, context).toBeInstanceOf(InputError);
    return null;
  }
}

test('dirt and damage: the answer of the clean text, or what is missing', async () => {
  const random = new Random(printedSeed('dirt of pastes'));
  let same = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { info, stats } = await inTwo(pick(random, SERVERS));
    const text = random.below(2) === 0 ? info + stats : info;
    const clean = explain([{ name: 'clean', text }]);
    const done: string[] = [];
    let pasted = text;
    const apply = ([name, change]: readonly [string, (text: string, random: Random) => string]) => {
      done.push(name);
      pasted = change(pasted, random);
    };
    if (random.below(2) === 0) apply(pick(random, Object.entries(DAMAGE)));
    for (let left = 1 + random.below(3); left > 0; left--) apply(pick(random, pick(random, DIRT)));
    const context = `round ${round}: ${done.join(', then ')}`;
    const answer = explained(pasted, context);
    if (answer === null) continue;
    const sum = answer.parts.reduce((all, { bytes }) => all + bytes, 0);
    expect(sum, context).toBe(answer.total);
    if (isSame(clean, answer)) same++;
    else expect(tells(answer, clean), `${context}: ${clean.act} became ${answer.act}`).toBe(true);
  }
  // Most pastes keep all that the answer needs.
  expect(same).toBeGreaterThan(0.6 * ROUNDS);
});
