import { NumberPool } from '../../base/index.js';
import { TableElements } from './table-elements.js';

const MAX_ELEMENT = 2 ** 31 - 1;

/** Elements of tables whose numbers are chosen here. The number of a deleted element is taken again. */
export class NumberedElements extends TableElements {
  readonly #numbers: NumberPool;

  /** `what` names the elements in the error for too many of them. */
  constructor(what: string) {
    super();
    this.#numbers = new NumberPool(1, MAX_ELEMENT, what);
  }

  /** Returns the number of a new element with a hash. */
  take(hash: number): number {
    const element = this.#numbers.take();
    this.reach(element);
    this.setHash(element, hash);
    return element;
  }

  /** Takes back the number of an element that is in no table any more. */
  readonly give = (element: number): void => {
    this.#numbers.give(element);
  };
}
