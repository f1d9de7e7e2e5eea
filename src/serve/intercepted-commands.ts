import { asksFor } from './info-lines.js';

/** 'lab' is answered by the lab; 'info' by INFO of the server, with lines of the lab. */
export type InterceptedKind = 'lab' | 'info';

const MEMORY = new Set(['usage', 'stats', 'doctor', 'pins', 'verify']);

/** Returns how the lab answers a command, or undefined if the server executes it. */
export function interceptedKindOf(
  words: readonly string[],
  isStandalone: boolean,
): InterceptedKind | undefined {
  const [name = '', sub = ''] = words.slice(0, 2).map((word) => word.toLowerCase());
  switch (name) {
    case 'info': {
      const asked = asksFor(words.slice(1));
      return asked.memory || asked.rdbStats ? 'info' : undefined;
    }
    case 'memory':
      // A real server executes PURGE itself, and the lab models it.
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
