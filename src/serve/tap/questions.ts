/** The questions that the lab answers in front of a real server, and how a client shows that it may ask them. */
import { asksFor } from '../info-lines.js';

const MEMORY: ReadonlySet<string> = new Set(['usage', 'stats', 'doctor', 'pins', 'verify']);

/** Whether the lab answers a command, if the client may ask it. */
export function isQuestion(words: readonly string[]): boolean {
  const [name = '', sub = ''] = words.slice(0, 2).map((word) => word.toLowerCase());
  switch (name) {
    case 'info': {
      const asked = asksFor(words.slice(1));
      return asked.memory || asked.rdbStats;
    }
    case 'memory':
      return MEMORY.has(sub);
    case 'cluster':
      return sub === 'slot-stats';
    case 'debug':
      return sub === 'slot-verify-memory';
    case 'bgsave':
      return words.slice(1).some((word) => word.toLowerCase() === 'stat_memory');
    default:
      return false;
  }
}

const OPAQUE_DEBUG: ReadonlySet<string> = new Set(['reload', 'loadaof', 'populate', 'mallctl', 'replicate']);

/** Whether a command is one of DEBUG that changes what the lab does not follow. */
export function isOpaqueDebug([name = '', sub = '']: readonly string[]): boolean {
  return name.toLowerCase() === 'debug' && OPAQUE_DEBUG.has(sub.toLowerCase());
}

const NONE: readonly (readonly string[])[] = [];

/**
 * Returns the commands that a client must be allowed to execute before it is answered. They stand in for questions that
 * a server does not know, for which it checks no rights. A server checks those for the others itself.
 */
export function proofsOf(words: readonly string[]): readonly (readonly string[])[] {
  switch (words.slice(0, 2).join(' ').toLowerCase()) {
    case 'memory pins':
      // The answer has parts of key names, as the reply to SCAN.
      return [
        ['MEMORY', 'STATS'],
        ['SCAN', '0', 'COUNT', '1'],
      ];
    case 'memory verify':
      return [['MEMORY', 'STATS']];
    case 'cluster slot-stats':
      return [['CLUSTER', 'COUNTKEYSINSLOT', '0']];
    case 'debug slot-verify-memory':
      return [['CONFIG', 'GET', 'maxmemory']];
    default:
      return NONE;
  }
}

/**
 * Returns the refusal in the replies to a question and to its proofs; undefined if the client may have the answer. It has
 * it if the server executed the question itself or all of the proofs.
 */
export function refusalIn([own, ...proofs]: readonly Buffer[]): Buffer | undefined {
  if (own === undefined || !isRefusal(own)) return undefined;
  if (proofs.length === 0) return own;
  return proofs.find(isRefusal);
}

/** Whether a reply is an error. Two errors only come from commands that the client may execute. */
function isRefusal(reply: Buffer): boolean {
  const text = reply.toString('latin1', 0, 80);
  if (!text.startsWith('-')) return false;
  return !(
    text.startsWith('-ERR syntax error') || text.startsWith('-ERR This instance has cluster support disabled')
  );
}
