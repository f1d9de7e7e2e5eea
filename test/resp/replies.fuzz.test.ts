import { describe, expect, test } from 'vitest';
import { InputError, Random } from '#slablab/src/base/index.js';
import { ReplyFramer } from '#slablab/src/resp/reply-framer.js';
import { NotRespError } from '#slablab/src/resp/reply-machine.js';
import { Replies } from '#slablab/src/resp/reply-reader.js';
import { printedSeed } from '../support/seed.js';
import { errorsIn, type Node, naiveReplies, textsIn } from './support/naive-replies.js';
import { randomPieces, randomReply } from './support/random-replies.js';

const ROUNDS = 3000;

const CONFIRMED = /^p?(un)?subscribe$|^s(un)?subscribe$/;

/** What a framer knows of a reply. */
function noted({ type, isNull, elements, text }: Node, end: number) {
  const isList = '*>'.includes(type);
  const confirmations = [{ type, elements }, ...elements]
    .filter(({ type: kind, elements: parts }) => {
      const [word, , count] = parts;
      if (!isList || !'*>'.includes(kind) || parts.length !== 3 || word === undefined) return false;
      return (
        '$+'.includes(word.type) &&
        CONFIRMED.test(word.text) &&
        /^:\d{1,15}$/.test(`${count?.type}${count?.text}`)
      );
    })
    .map(({ elements: [word, , count] }) => ({ name: word?.text, count: Number(count?.text) }));
  const [first] = elements;
  return {
    end,
    type: type.charCodeAt(0),
    isNull,
    elements: elements.length,
    errorCode: '-!'.includes(type) ? text.slice(0, 32).split(' ', 1)[0] : '',
    firstWord: isList && first !== undefined && '$+'.includes(first.type) ? first.text.slice(0, 16) : '',
    elementErrors: !isList
      ? []
      : elements.flatMap(({ type: kind, text: error }, index) =>
          '-!'.includes(kind) ? [{ index, code: error.slice(0, 32).split(' ', 1)[0] }] : [],
        ),
    // The reply itself is complete after its elements.
    confirmations: [...confirmations].sort((a, b) =>
      `${a.name}${a.count}`.localeCompare(`${b.name}${b.count}`),
    ),
  };
}

function framed(pieces: readonly Uint8Array[]) {
  const framer = new ReplyFramer();
  framer.notesElements = true;
  const found: ReturnType<typeof noted>[] = [];
  let before = 0;
  for (const piece of pieces) {
    for (let at = framer.next(piece, 0); at >= 0; at = framer.next(piece, at)) {
      const { type, isNull, elements, errorCode, firstWord } = framer;
      const elementErrors = [...framer.elementErrors];
      const confirmations = [...framer.confirmations].sort((a, b) =>
        `${a.name}${a.count}`.localeCompare(`${b.name}${b.count}`),
      );
      const end = before + at;
      found.push({ end, type, isNull, elements, errorCode, firstWord, elementErrors, confirmations });
    }
    before += piece.length;
  }
  return found;
}

/** Returns the ends of replies, and the place of an error; `most` plain replies are passed over at a time. */
function ends(pieces: readonly Uint8Array[], most: number): { ends: number[]; place: string | undefined } {
  const framer = new ReplyFramer();
  const found: number[] = [];
  let before = 0;
  try {
    for (const piece of pieces) {
      for (let at = 0; at >= 0; ) {
        const passed = framer.skipPlain(piece, at, most);
        at = framer.skippedTo;
        if (passed > 0) found.push(before + at);
        if (passed > 0 && passed === most) continue;
        at = framer.next(piece, at);
        if (at >= 0) found.push(before + at);
      }
      before += piece.length;
    }
  } catch (error) {
    expect(error).toBeInstanceOf(NotRespError);
    const place = /\(byte (\d+) of/.exec((error as Error).message)?.[1];
    expect(place).toBeDefined();
    return { ends: found, place };
  }
  return { ends: found, place: undefined };
}

function read(pieces: readonly Uint8Array[]): Replies {
  const replies = new Replies();
  replies.keep();
  for (const piece of pieces) replies.add(piece);
  return replies;
}

function mutated(random: Random, bytes: Uint8Array): Uint8Array {
  const list = [...bytes];
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(list.length + 1);
    const byte =
      random.below(3) === 0 ? random.below(256) : '\r\n$*%|>-0129?_:='.charCodeAt(random.below(15));
    const kind = random.below(4);
    if (kind === 0) list.splice(at, 1);
    else if (kind === 1) list.splice(at, 0, byte);
    else if (kind === 2) list.splice(at, random.below(20));
    else if (at < list.length) list[at] = byte;
  }
  return Uint8Array.from(list);
}

describe('random replies', () => {
  test('are framed and read as the naive reader does, cut anywhere', () => {
    const random = new Random(printedSeed('random replies'));
    for (let round = 0; round < ROUNDS; round++) {
      const text = Array.from({ length: 1 + random.below(8) }, () => randomReply(random)).join('');
      const bytes = Buffer.from(text, 'latin1');
      const pieces = randomPieces(random, bytes);
      const naive = naiveReplies(text);
      const where = `round ${round}: ${JSON.stringify({ text, cuts: pieces.map(({ length }) => length) })}`;
      const expected = naive.map((node) => noted(node, node.end));
      expect(framed([bytes]), where).toEqual(expected);
      expect(framed(pieces), where).toEqual(expected);
      expect(ends(pieces, 1), where).toEqual({ ends: naive.map(({ end }) => end), place: undefined });
      const replies = read(pieces);
      expect(replies.count, where).toBe(naive.filter(({ type }) => type !== '>').length);
      expect(replies.takeTexts(), where).toEqual(naive.flatMap(textsIn));
      const errors = naive.flatMap(errorsIn);
      const kinds = [...new Set(errors.map((error) => error.split(' ', 1)[0]))];
      expect(replies.errors, where).toEqual(
        kinds.map((kind) => {
          const same = errors.filter((error) => error.split(' ', 1)[0] === kind);
          return { kind, count: same.length, example: same[0] };
        }),
      );
    }
  });

  test('that are damaged are refused at the same byte however they are cut, or read', () => {
    const random = new Random(printedSeed('damaged replies'));
    let refused = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const text = Array.from({ length: 1 + random.below(6) }, () => randomReply(random)).join('');
      const bytes = mutated(random, Buffer.from(text, 'latin1'));
      const pieces = randomPieces(random, bytes);
      const where = `round ${round}: ${JSON.stringify({ text: Buffer.from(bytes).toString('latin1') })}`;
      const whole = ends([bytes], 0);
      expect(ends(pieces, 0), where).toEqual(whole);
      expect(ends(pieces, 1), where).toEqual(whole);
      if (whole.place !== undefined) {
        refused++;
        expect(() => read(pieces), where).toThrow(InputError);
      } else read(pieces);
    }
    expect(refused).toBeGreaterThan(ROUNDS / 10);
    expect(refused).toBeLessThan(ROUNDS);
  });
});
