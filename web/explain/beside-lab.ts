/** The memory of a real server beside that of the lab, which loaded the server's RDB file. */
import type { Explanation } from '../../src/analysis/index.js';
import { formatBytes } from '../../src/base/index.js';
import type { ResidentParts } from '../../src/map/index.js';
import { element } from '../view/dom/element.js';

/** The lab's run of a file, at its end. */
export interface LabRun {
  readonly name: string;
  readonly used: number;
  readonly parts: ResidentParts;
}

type Names = readonly Explanation['parts'][number]['name'][];

/** The parts of a server that are one part of the lab. */
const ROWS: readonly (readonly [name: string, server: Names, lab: (parts: ResidentParts) => number])[] = [
  ['in use', ['data', 'live', 'buffers', 'other', 'lua'], ({ use }) => use],
  ['pinned', ['holes', 'parked', 'parked-or-other'], ({ pinned }) => pinned],
  ['comes back', ['dirty', 'muzzy'], ({ dirty, empty }) => dirty + empty],
  ['records', ['metadata'], ({ records }) => records],
];

/** Compares part by part, and says what is unknown of the server. */
export function besideLab({ parts, used }: Explanation, lab: LabRun): HTMLElement {
  const rows = [
    ['used_memory', used, lab.used] as const,
    ...ROWS.map(([name, names, of]) => {
      const its = parts.filter((part) => names.includes(part.name));
      const bytes = its.length === 0 ? null : its.reduce((sum, part) => sum + part.bytes, 0);
      return [name, bytes, of(lab.parts)] as const;
    }),
  ];
  return element(
    'section',
    { class: 'explain-lab', 'aria-label': 'Beside the lab' },
    element('h2', {}, `Beside the lab, which loaded ${lab.name}`),
    element(
      'table',
      { class: 'explain-parts' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...['', 'server', 'lab', 'server − lab'].map((head) => element('th', { scope: 'col' }, head)),
        ),
      ),
      element(
        'tbody',
        {},
        ...rows.map(([name, server, ours]) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, name),
            element('td', {}, server === null ? 'unknown' : formatBytes(server)),
            element('td', {}, formatBytes(ours)),
            element('td', {}, server === null ? '' : differenceText(server - ours)),
          ),
        ),
      ),
    ),
    element(
      'p',
      { class: 'aside-note' },
      'The lab is the server as after a restart. What the server holds above it is about what a restart gives back.',
    ),
  );
}

function differenceText(bytes: number): string {
  return `${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes))}`;
}
