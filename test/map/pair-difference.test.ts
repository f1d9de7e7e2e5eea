import { expect, test } from 'vitest';
import { layoutMap, liveShares, PARTS, paintPair, pairScale, pixelOf } from '#slablab/src/map/index.js';
import { MAP_INFO, mapSource } from '../support/map-source.js';

test('A minus B: the share of live regions at each place, and nothing where neither has a page', () => {
  const at = (lives: readonly number[]) =>
    liveShares(
      layoutMap(mapSource(lives.map((live, page) => ({ page, live, free: 4 - live }))), MAP_INFO, {
        order: 'class',
        columns: 4,
      }),
    );
  const [a, b] = [at([4, 2, 0, 4]), at([0, 2, 4])];
  expect([...a]).toEqual([1, 0.5, 0, 1]);
  const out = new Uint32Array(6);
  paintPair(a, b, 'light', out);
  const scale = pairScale('light').map(pixelOf);
  const [onlyB, onlyA] = [scale[0], scale.at(-1)];
  expect([...out]).toEqual([onlyA, pixelOf(PARTS.light.line), onlyB, onlyA, 0, 0]);
});
