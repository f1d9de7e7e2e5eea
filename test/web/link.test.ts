import { describe, expect, test } from 'vitest';
import { formatLink, parseLink } from '../../web/link.js';
import { axesOf, axisTexts, plannedCells } from '../../web/sweep/plan.js';

describe('a link of a sweep', () => {
  const hash =
    '#run=scattered-delete&set.keys=1000&rest=5000&axis.order=odd,sequential&axis.conf=;narenas:1,tcache:false' +
    '&atlas.figure=purgeWork&atlas.at.seed=2';

  test('has the experiment, its axes and the view of the atlas, and is written the same', () => {
    const link = parseLink(hash);
    expect(link.ignored).toEqual([]);
    expect(link.axes).toEqual(['order=odd,sequential', 'conf=', 'conf=narenas:1,tcache:false']);
    expect(link.atlas).toEqual({ figure: 'purgeWork', values: { seed: '2' } });
    expect(link.experiments[0]).toMatchObject({ restMs: 5000, parameters: { keys: '1000' } });
    const axes = axesOf(link.experiments[0]!, link.axes);
    const again = formatLink({ ...link, axes: axes.flatMap(axisTexts) });
    expect(decodeURIComponent(again)).toBe(hash);
  });

  test('each cell is an experiment of its own, as one would run it', () => {
    const { experiments, axes } = parseLink(hash);
    const cells = plannedCells({ experiment: experiments[0]!, axes: axesOf(experiments[0]!, axes) });
    expect(cells.map(({ experiment: { conf, parameters } }) => [parameters.order, conf])).toEqual([
      ['odd', ''],
      ['odd', 'narenas:1,tcache:false'],
      ['sequential', ''],
      ['sequential', 'narenas:1,tcache:false'],
    ]);
    expect(cells[0]!.experiment).toMatchObject({ restMs: 5000, hasOwners: false, sweepEvery: 0 });
  });

  test('an axis that is none, and more cells than a page runs, are errors', () => {
    const [experiment] = parseLink(hash).experiments;
    expect(() => axesOf(experiment!, ['ordr=odd'])).toThrow(/`ordr` is not an axis of this sweep/);
    const seeds = Array.from({ length: 401 }, (_, seed) => seed + 1);
    expect(() => axesOf(experiment!, [`seed=${seeds}`])).toThrow('401 cells: a page sweeps at most 400');
  });
});
