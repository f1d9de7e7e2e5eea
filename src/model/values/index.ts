export { type ChosenMember, chosenMember, withFingerprint } from './chosen-member.js';
export { Ebuckets, ExpiredItem } from './ebuckets.js';
export { FieldResult, HashValue } from './hash-value.js';
export {
  highWord,
  isShared,
  lowWord,
  newInteger,
  SHARED_INTEGER,
  SHARED_INTEGERS,
  type StringMaker,
  trimmed,
} from './integer-object.js';
export { Intset } from './intset.js';
export { ListNode } from './list-node.js';
export { type End, ListValue, newQuicklist } from './list-value.js';
export { Listpack } from './listpack.js';
export { entryBytes, integerEntryBytes } from './listpack-entry.js';
export { LookupKey } from './lookup-key.js';
export { fitsListpack, type NodeLimit, nodeLimit } from './node-limit.js';
export { type EmptyTree, RadixTree } from './radix-tree.js';
export { scoreReply, scoreText } from './score-text.js';
export type { NewRequest, Producer } from './seen-requests.js';
export { SetValue } from './set-value.js';
export { Skiplist } from './skiplist.js';
export { SortedSetValue } from './sorted-set-value.js';
export { type Pending, type StreamConsumer, StreamGroup } from './stream-group.js';
export { type StreamEntry, StreamNode } from './stream-node.js';
export { StreamValue } from './stream-value.js';
export { TemporaryObject } from './temporary-object.js';
export { numberText, valueLength } from './value-code.js';
export { ValueContext } from './value-context.js';
