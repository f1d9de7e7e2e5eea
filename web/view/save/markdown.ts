import { momentMarkdown, titleOf } from '../../../src/report/index.js';
import type { Frame, Recording } from '../../recordings.js';
import type { Moment } from '../moment.js';

/** A moment of a run, for a text. */
export interface SeenMoment {
  readonly title: string;
  readonly frame: Frame;
  readonly moment: Moment;
  readonly recording: Recording;
}

/** Returns the answers of all shown runs as Markdown, and the link to what is seen. */
export function markdownOf(seen: readonly SeenMoment[]): string {
  const texts = seen.map(({ title, frame, moment, recording }) => {
    const { owners } = moment;
    return momentMarkdown({
      ...moment,
      title: `${title} at ${frame.phase}`,
      conditions: titleOf(recording).subtitle,
      owners: owners?.phase === frame.phase ? owners.report : null,
    });
  });
  return [...texts, ...linkLines()].join('\n');
}

/** Returns the line with the link to what is seen; none for a file on this machine, which has no address for others. */
export function linkLines(): readonly string[] {
  return location.protocol === 'file:' ? [] : [`<${location.href}>\n`];
}
