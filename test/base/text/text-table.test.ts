import { describe, expect, test } from 'vitest';
import { tableInBlocks, tableThatFits } from '#slablab/src/base/index.js';

const LABEL = { title: 'memory', cells: ['used', 'active'] };
const COLUMNS = [
  { title: 'before', cells: ['1', '22'] },
  { title: 'after', cells: ['333', '4444444'] },
];

describe('tables', () => {
  test('first column flush left, the others right', () => {
    expect(tableThatFits(LABEL, COLUMNS, 80)).toEqual([
      'memory  before    after',
      'used         1      333',
      'active      22  4444444',
    ]);
  });

  test('columns that do not fit are left out', () => {
    expect(tableThatFits(LABEL, COLUMNS, 22)).toEqual(['memory  before', 'used         1', 'active      22']);
    expect(tableThatFits(LABEL, COLUMNS, 23)).toHaveLength(3);
    expect(tableThatFits(LABEL, COLUMNS, 23)[0]).toContain('after');
  });

  test('or go into another block', () => {
    expect(tableInBlocks(LABEL, COLUMNS, 20)).toEqual([
      'memory  before',
      'used         1',
      'active      22',
      '',
      'memory    after',
      'used        333',
      'active  4444444',
    ]);
  });

  test('no columns, no rows, no width', () => {
    expect(tableInBlocks(LABEL, [], 80)).toEqual([]);
    expect(tableThatFits({ title: 'a', cells: [] }, [{ title: 'b', cells: [] }], 80)).toEqual(['a  b']);
    expect(tableThatFits(LABEL, COLUMNS, 0)[0]).toBe('memory  before');
  });
});
