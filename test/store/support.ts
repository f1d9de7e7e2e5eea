import { findServer, type ModelDecisions } from '#slablab/src/model/index.js';
import { type Session, Store } from '#slablab/src/store/index.js';
import type { StoreOptions } from '#slablab/src/store/store.js';
/** 2026-01-01 */
export const START_MS = Date.UTC(2026, 0, 1);

export interface Asking {
  readonly answers: Store;
  connect(): Session;
  /** The reply as text, which is empty if the client does not receive it. */
  ask(session: Session, ...words: readonly string[]): string;
  askWith(session: Session, decisions: ModelDecisions, ...words: readonly string[]): string;
  /** Time goes by. */
  wait(milliseconds: number): void;
}

export function asking(version = 'redis-7.0', options: Partial<StoreOptions> = {}): Asking {
  const answers = new Store({
    version: findServer(version)!,
    startMs: START_MS,
    ...options,
  });
  let nowMs = START_MS;
  let id = 0;
  function askWith(session: Session, decisions: ModelDecisions, ...words: readonly string[]): string {
    const { reply, isSilent } = answers.answer(session, words.map(latin1), nowMs, decisions);
    return isSilent ? '' : Buffer.from(reply).toString('latin1');
  }
  return {
    answers,
    connect: () => answers.connect({ id: ++id, nowMs }),
    ask: (session, ...words) => askWith(session, {}, ...words),
    askWith,
    wait(milliseconds) {
      nowMs += milliseconds;
    },
  };
}

export function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
