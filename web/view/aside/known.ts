/** Published figures of a workload beside those of this run. */
import { FORMATS } from '../../../src/report/index.js';
import type { Recording } from '../../recordings.js';
import { element } from '../dom/element.js';

type Known = NonNullable<NonNullable<Recording['result']>['known']>;

export function showKnown(container: HTMLElement, known: Known | undefined): void {
  container.hidden = known === undefined || known.length === 0;
  container.replaceChildren(
    element('h2', {}, 'As published'),
    element(
      'ul',
      {},
      ...(known ?? []).map(({ figure, stated, lab, unit, isWithin, explanation }) => {
        const ours = lab === null ? 'not reached here' : `here ${FORMATS[unit](lab)}`;
        const mark = element(
          'b',
          { 'aria-label': isWithin ? 'agrees' : 'differs', role: 'img' },
          isWithin ? '✓' : '✗',
        );
        const item = element('li', {}, mark, ` ${figure}: published ${stated}; ${ours}`);
        if (explanation !== undefined) item.title = explanation;
        return item;
      }),
    ),
  );
}
