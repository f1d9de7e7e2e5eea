/** Which commands the lab answers itself, in front of a real server and without one. */
import { asksFor } from './info-lines.js';

/** 'lab': the lab's answer alone; 'info': INFO's text of whoever has it, with the lab's lines in it. */
export type QuestionKind = 'lab' | 'info';

const MEMORY = new Set(['usage', 'stats', 'doctor', 'pins', 'verify']);

/** Undefined for what is no question to the lab: it goes on like any command. */
export function questionOf(words: readonly string[], isStandalone: boolean): QuestionKind | undefined {
  const [name = '', sub = ''] = words.slice(0, 2).map((word) => word.toLowerCase());
  switch (name) {
    case 'info': {
      const asked = asksFor(words.slice(1));
      return asked.memory || asked.rdbStats ? 'info' : undefined;
    }
    case 'memory':
      // A real server has to purge as well: it is told, and the lab models that it was.
      return MEMORY.has(sub) || (isStandalone && (sub === 'purge' || sub === 'malloc-stats'))
        ? 'lab'
        : undefined;
    case 'cluster':
      return sub === 'slot-stats' ? 'lab' : undefined;
    case 'debug':
      return sub === 'slot-verify-memory' || (isStandalone && sub === 'populate') ? 'lab' : undefined;
    case 'object':
      return isStandalone && sub === 'encoding' && words.length === 3 ? 'lab' : undefined;
    case 'bgsave':
      return words.slice(1).some((word) => word.toLowerCase() === 'stat_memory') ? 'lab' : undefined;
    default:
      return undefined;
  }
}
