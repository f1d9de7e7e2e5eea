import { replyText, withText } from '../resp/node.js';
import { asksFor, withMemoryLines } from './info-lines.js';
import type { LabThread } from './lab-thread.js';
import type { QuestionContext } from './live-lab.js';

/** `reply`: what INFO is answered without them; `more`: lines that stand behind the lab's own. */
export async function infoAnswer(
  lab: LabThread,
  reply: Buffer,
  sections: readonly string[],
  context: QuestionContext,
  more = '',
): Promise<Buffer> {
  const info = replyText(reply);
  // An error stays one.
  if (info === undefined) return reply;
  const asked = asksFor(sections);
  const ask = async (section: string) => {
    const answer = await lab.ask(['INFO', section], context);
    return answer.kind === 'text' ? answer.text : '';
  };
  let said = info;
  if (asked.memory) {
    const lines = (await ask('memory')) + more;
    // Without a server behind, all that is known of memory is the lab's.
    said = context.isStandalone ? joined(info, `# Memory\r\n${lines}`) : withMemoryLines(info, lines);
  }
  if (asked.rdbStats) said = joined(said, await ask('rdb_stats'));
  return withText(reply, said);
}

function joined(before: string, section: string): string {
  return before === '' ? section : `${before}\r\n${section}`;
}
