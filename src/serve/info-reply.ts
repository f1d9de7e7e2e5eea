import { type LabReply, replyText, withText } from '../resp/node.js';
import { asksFor, HEALTH, withLines } from './info-lines.js';
import type { LabThread } from './lab-thread.js';
import type { InspectionContext } from './live-lab.js';

/** Adds the lab's lines to a reply to INFO. `more` are further lines after them. */
export async function infoReply(
  lab: LabThread,
  reply: Buffer,
  sections: readonly string[],
  context: InspectionContext,
  more = '',
): Promise<Buffer> {
  const info = replyText(reply);
  // An error reply has no text.
  if (info === undefined) return reply;
  const asked = asksFor(sections);
  const ask = async (section: string) => {
    const answer = await lab.ask(['INFO', section], context);
    return answer.kind === 'text' ? answer.text : stoppedLines(answer);
  };
  let extended = info;
  // A real server has its own figures, and a lab that has stopped has none.
  if (context.isStandalone && asked.stats) {
    const answer = await lab.ask(['INFO', 'stats'], context);
    if (answer.kind === 'text') extended = withLines(info, 'Stats', answer.text);
  }
  if (asked.memory) {
    const lines = (await ask('memory')) + more;
    // The lab's store has no Memory section of its own.
    extended = context.isStandalone
      ? joined(extended, `# Memory\r\n${lines}`)
      : withLines(info, 'Memory', lines);
  }
  if (asked.rdbStats) extended = joined(extended, await ask('rdb_stats'));
  return withText(reply, extended);
}

/** Returns the lines of a lab that gives no figures any more. */
function stoppedLines(answer: LabReply): string {
  const why = answer.kind === 'error' ? answer.text.replace(/^ERR /, '').replaceAll(/[\r\n]+\s*/g, ' ') : '';
  return `${HEALTH}:stopped\r\nmem_lab_failure:${why}\r\n`;
}

function joined(before: string, section: string): string {
  return before === '' ? section : `${before}\r\n${section}`;
}
