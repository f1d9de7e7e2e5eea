import type { AnswerSpec } from './answer-spec.js';
import { CONNECTION_ANSWERS } from './connection.js';
import { HASH_ANSWERS } from './hashes.js';
import { KEY_ANSWERS } from './keys.js';
import { LIST_ANSWERS } from './lists.js';
import { SCAN_ANSWERS } from './scans.js';
import { SERVER_ANSWERS } from './server-answers.js';
import { SET_ANSWERS } from './sets.js';
import { SORTED_SET_OPERATION_ANSWERS } from './sorted-set-operations.js';
import { SORTED_SET_RANGE_ANSWERS } from './sorted-set-ranges.js';
import { SORTED_SET_ANSWERS } from './sorted-sets.js';
import { STRING_ANSWERS } from './strings.js';
import { TRANSACTION_ANSWERS } from './transactions.js';

/** Every command that is answered, by its name. */
export const ANSWERS: ReadonlyMap<string, AnswerSpec> = new Map(
  [
    STRING_ANSWERS,
    LIST_ANSWERS,
    SET_ANSWERS,
    HASH_ANSWERS,
    SORTED_SET_ANSWERS,
    SORTED_SET_RANGE_ANSWERS,
    SORTED_SET_OPERATION_ANSWERS,
    KEY_ANSWERS,
    SCAN_ANSWERS,
    TRANSACTION_ANSWERS,
    CONNECTION_ANSWERS,
    SERVER_ANSWERS,
  ]
    .flat()
    .map((spec) => [spec.name, spec]),
);
