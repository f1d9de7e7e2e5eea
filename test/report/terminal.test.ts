import { describe, expect, test } from 'vitest';
import { terminalOf } from '#slablab/src/report/index.js';
import type { OutputStream } from '#slablab/src/report/terminal.js';

function tty(bits: number, columns = 100): OutputStream {
  return { isTTY: true, columns, getColorDepth: () => bits };
}

describe('terminalOf', () => {
  test.each([
    ['truecolor', tty(24), {}, 'truecolor'],
    ['256 colours', tty(8), {}, '256'],
    ['16 colours', tty(4), {}, 'none'],
    ['no colours', tty(1), {}, 'none'],
    ['a pipe', { isTTY: false }, {}, 'none'],
    ['NO_COLOR', tty(24), { NO_COLOR: '1' }, 'none'],
    ['empty NO_COLOR', tty(24), { NO_COLOR: '' }, 'truecolor'],
    ['NO_COLOR before FORCE_COLOR', tty(24), { NO_COLOR: '1', FORCE_COLOR: '3' }, 'none'],
    ['a pipe with FORCE_COLOR=3', {}, { FORCE_COLOR: '3' }, 'truecolor'],
    ['a pipe with FORCE_COLOR=2', {}, { FORCE_COLOR: '2' }, '256'],
    ['FORCE_COLOR=0', tty(24), { FORCE_COLOR: '0' }, 'none'],
    ['a pipe with FORCE_COLOR=1', {}, { FORCE_COLOR: '1' }, '256'],
    ['a pipe with FORCE_COLOR=true', {}, { FORCE_COLOR: 'true' }, '256'],
    ['a pipe with empty FORCE_COLOR', {}, { FORCE_COLOR: '' }, 'none'],
  ])('%s', (_, stream, env, colours) => {
    expect(terminalOf(stream, env).colours).toBe(colours);
  });

  test.each([
    ['the terminal', tty(1, 100), {}, 100],
    ['COLUMNS', tty(1, 100), { COLUMNS: '60' }, 60],
    ['COLUMNS that is no number', tty(1, 100), { COLUMNS: 'wide' }, 100],
    ['a pipe', {}, {}, 80],
    ['a narrow terminal', tty(1, 20), {}, 40],
    ['a wide one', tty(1, 400), {}, 120],
  ])('width of %s', (_, stream, env, width) => {
    expect(terminalOf(stream, env).width).toBe(width);
  });
});
