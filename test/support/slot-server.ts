import { expect } from 'vitest';
import { MemorySource } from '#slablab/src/base/index.js';
import { openInput } from '#slablab/src/input/disk-files.js';
import type { InputKind } from '#slablab/src/input/input.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { answerSlotStats, answerSlotVerify, Loading, type SlotFigures } from '#slablab/src/model/index.js';
import { keySlot, SLOTS } from '#slablab/src/model/keyspace/key-slot.js';
import { walkedSize } from '#slablab/src/model/keyspace/logical-size.js';
import { newServer } from './redis.js';

export function slotOf(name: string): number {
  return keySlot(Buffer.from(name, 'latin1'), 0, name.length);
}

/** A server that accounts for its slots, in cluster mode. */
export function slotServer(version: string, isCluster = true) {
  const test = newServer(version, { isCluster });
  const { server, execute } = test;
  execute('CONFIG', 'SET', 'cluster-slot-stats-enabled', 'yes');
  const keyCounts = new Uint32Array(SLOTS);
  const bytes = new Float64Array(SLOTS);
  function load(input: ReturnType<typeof inputOf>): void {
    const refuse = (found: string) => new Error(found);
    const loading = new Loading(server, { isLog: input.kind === 'aof', refuse });
    for (const _ of server.load(loading.steps(input.events())));
    input.close();
  }
  return {
    ...test,
    /** Figures of the slot that a key is in. */
    slot(name: string): SlotFigures {
      const slot = `${slotOf(name)}`;
      const answer = answerSlotStats(server, ['SLOTSRANGE', slot, slot]);
      return answer.error === undefined ? answer.slots[0]! : expect.fail(answer.error);
    },
    memory(name: string): number {
      return this.slot(name).memoryLogicalBytes!;
    },
    /** DEBUG SLOT-VERIFY-MEMORY for the slots of these keys: what is wrong. */
    verify(...names: readonly string[]): string[] {
      return names.flatMap((name) => answerSlotVerify(server, [`${slotOf(name)}`]).error ?? []);
    },
    /** Slots for which tracked keys and bytes are not what one walk over everything finds. */
    verifyAll(): string[] {
      const { keyspace, databases } = server;
      const { slots } = keyspace;
      if (slots === undefined) return ['slots are not accounted for'];
      keyCounts.fill(0);
      bytes.fill(0);
      for (const { keys } of databases) {
        for (const row of keys.rows()) {
          const name = keyspace.nameOf(row);
          const slot = keySlot(name, 0, name.length);
          keyCounts[slot] = keyCounts[slot]! + 1;
          bytes[slot] = bytes[slot]! + walkedSize(keyspace, row);
        }
      }
      const wrong: string[] = [];
      for (let slot = 0; slot < SLOTS; slot++) {
        if (slots.keyCounts[slot] === keyCounts[slot] && slots.bytes[slot] === bytes[slot]) continue;
        const tracked = `${slots.keyCounts[slot]} keys, ${slots.bytes[slot]} bytes tracked`;
        wrong.push(`slot ${slot}: ${tracked}; ${bytes[slot]} walked`);
      }
      return wrong;
    },
    /** A start with a data set, of bytes or a file. */
    load(from: Uint8Array | string, kind?: InputKind): void {
      load(typeof from === 'string' ? openInput(from) : inputOf('loaded', new MemorySource(from), kind!));
    },
  };
}

export type SlotServer = ReturnType<typeof slotServer>;
