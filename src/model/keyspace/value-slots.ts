import { NumberPool } from '../../base/index.js';
import type { ValueModel } from './value-model.js';

/** Values are kept closed from this slot on. */
const CLOSED = 2 ** 30;

/**
 * Values that are kept in a form without a model, by place, until they are first needed. No field of them expires.
 */
export interface ClosedValues {
  /** Returns the slot of the model that a value was opened as; undefined if it is closed. */
  openedAs(place: number): number | undefined;
  /** Makes the model of a value without an allocation, and remembers the slot that `enter` gives it. */
  open(place: number, enter: (model: ValueModel) => number): number;
}

/** Keeps the values that are not strings, by slot; a keyspace keeps only the number of the slot. */
export class ValueSlots {
  readonly #slots: (ValueModel | undefined)[] = [];
  readonly #free = new NumberPool(0, CLOSED - 1, 'values');
  readonly #enter = (model: ValueModel) => this.add(model);
  /** The place of closed values, which all data sets that a server loads share. */
  closed: ClosedValues | undefined;

  add(model: ValueModel): number {
    const slot = this.#free.take();
    this.#slots[slot] = model;
    return slot;
  }

  /** Returns the slot of a value that is closed at a place. */
  addClosed(place: number): number {
    return CLOSED + place;
  }

  /** Whether the value in a slot was loaded and has not been needed since. */
  isClosed(slot: number): boolean {
    return slot >= CLOSED && this.closed?.openedAs(slot - CLOSED) === undefined;
  }

  /** Whether a slot holds a value that is not closed. */
  holds(slot: number): boolean {
    const own = slot < CLOSED ? slot : this.closed?.openedAs(slot - CLOSED);
    return own !== undefined && this.#slots[own] !== undefined;
  }

  at(slot: number): ValueModel {
    const model = this.#slots[slot < CLOSED ? slot : this.#open(slot)];
    if (model === undefined) throw new Error(`slot ${slot} holds no value`);
    return model;
  }

  /** Replaces the model in a slot, after a conversion that replaces the whole model. */
  replace(slot: number, model: ValueModel): void {
    this.#slots[slot < CLOSED ? slot : this.#open(slot)] = model;
  }

  remove(slot: number): void {
    const own = slot < CLOSED ? slot : this.#open(slot);
    this.#slots[own] = undefined;
    this.#free.give(own);
  }

  #open(slot: number): number {
    if (this.closed === undefined) throw new Error(`slot ${slot} holds no value`);
    const place = slot - CLOSED;
    return this.closed.openedAs(place) ?? this.closed.open(place, this.#enter);
  }
}
