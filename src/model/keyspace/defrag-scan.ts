/** Tries a region to which active defragmentation has come, given by its handle. */
export type Try = (handle: number) => void;

/**
 * The part of a hash table that active defragmentation scans. Children are regions of the bucket itself: child buckets,
 * which lie between the elements that they follow.
 */
export interface BucketVisit {
  /** Elements of one bucket, or of one of its child buckets. */
  readonly elements: (elements: readonly number[]) => void;
  readonly child: Try;
}
