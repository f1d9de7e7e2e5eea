import { NumberPool } from '../../base/index.js';
import type { ValueModel } from './value-model.js';

/** Keeps the values that are not strings, by slot; a keyspace keeps only the number of the slot. */
export class ValueSlots {
  readonly #slots: (ValueModel | undefined)[] = [];
  readonly #free = new NumberPool(0, 0xffffffff, 'values');

  add(model: ValueModel): number {
    const slot = this.#free.take();
    this.#slots[slot] = model;
    return slot;
  }

  at(slot: number): ValueModel {
    const model = this.#slots[slot];
    if (model === undefined) throw new Error(`slot ${slot} holds no value`);
    return model;
  }

  /** Replaces the model in a slot, after a conversion that replaces the whole model. */
  replace(slot: number, model: ValueModel): void {
    this.#slots[slot] = model;
  }

  remove(slot: number): void {
    this.#slots[slot] = undefined;
    this.#free.give(slot);
  }
}
