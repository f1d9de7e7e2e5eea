import { Elements } from '../../input/index.js';

/** Returns a sequence of `count` elements that an iterator yields. */
export function elementsOf<T>(count: number, elements: Iterable<T>): Elements<T> {
  const steps = elements[Symbol.iterator]();
  return new Elements(count, () => {
    const step = steps.next();
    if (step.done === true) throw new Error('a value has fewer elements than it counts');
    return step.value;
  });
}
