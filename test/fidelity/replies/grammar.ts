import type { Random } from '#slablab/src/base/index.js';
import { containerForms } from './container-forms.js';
import { keyForms } from './key-forms.js';
import type { Words } from './lengths.js';
import { orderedForms } from './ordered-forms.js';
import { streamForms } from './stream-forms.js';
import { stringForms } from './string-forms.js';
import { vocabulary } from './vocabulary.js';

/**
 * Commands of the whole set, right and wrong, over few keys so that they meet. Nothing in them is left to a server's
 * dice or clock.
 */
export function* commands(random: Random, count: number): Generator<Words> {
  const words = vocabulary(random);
  const choices = [stringForms, keyForms, containerForms, orderedForms, streamForms].flatMap((forms) =>
    forms(words),
  );
  for (let left = count; left > 0; left--) yield words.pick(...choices)();
}

/** Of these, the model knows what they do and not all that they say: what bits and strings are, and what streams are like. */
const NOT_COMPARED = ['BITFIELD', 'BITFIELD_RO', 'LCS', 'XINFO'];

export function isComparable([name = '']: Words): boolean {
  return !NOT_COMPARED.includes(name);
}
