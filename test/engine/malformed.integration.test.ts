import { describe, expect, test } from 'vitest';
import type { StreamError } from '#slablab/src/engine/index.js';
import { Kind, MAX_HANDLE, MAX_SIZE, MAX_THREADS } from '#slablab/src/stream/index.js';
import { chunkOf, FORMS_AND_SANITIZED, rejection, type Words, withEngine } from './streams.js';

const MALFORMED: { name: string; bad: Words; message: RegExp }[] = [
  { name: 'free of an unknown handle', bad: [Kind.free, 7], message: /free, handle 7.*not allocated/ },
  { name: 'double free', bad: [Kind.free, 2], message: /freed before/ },
  { name: 'realloc of an unknown handle', bad: [Kind.realloc, 9, 10], message: /realloc, handle 9/ },
  { name: 'sized free of an unknown handle', bad: [Kind.freeSized, 9, 10], message: /not allocated/ },
  {
    name: 'sized free with another size',
    bad: [Kind.freeSized, 1, 5000],
    message: /the region's size class/,
  },
  { name: 'malloc into a handle in use', bad: [Kind.malloc, 1, 10], message: /allocated already/ },
  { name: 'handle beyond the limit', bad: [Kind.malloc, MAX_HANDLE + 1, 10], message: /handles go up to/ },
  { name: 'size 0', bad: [Kind.malloc, 3, 0], message: /size must be between 1 and/ },
  { name: 'impossible size', bad: [Kind.calloc, 3, MAX_SIZE + 1], message: /size must be between 1 and/ },
  { name: 'realloc to size 0', bad: [Kind.realloc, 1, 0], message: /size must be between 1 and/ },
  { name: 'unknown kind', bad: [50, 3, 10], message: /no such kind/ },
  { name: 'kind 0', bad: [0, 0, 0], message: /no such kind/ },
  { name: 'alignment below a word', bad: [Kind.aligned + 2, 3, 10], message: /alignment/ },
  { name: 'alignment beyond 2^30', bad: [Kind.aligned + 31, 3, 10], message: /alignment/ },
  { name: 'thread beyond the limit', bad: [Kind.thread, 0, MAX_THREADS], message: /threads are numbered/ },
];

describe.each(FORMS_AND_SANITIZED)('a malformed stream in $form', (form) => {
  test.each(MALFORMED)('$name is refused with its position', ({ bad, message }) =>
    withEngine(form, async (engine) => {
      const good: Words[] = [
        [Kind.malloc, 1, 100],
        [Kind.malloc, 2, 200],
        [Kind.free, 2],
        [Kind.sweep, 0, 4],
      ];
      const error = await rejection<StreamError>(
        engine.replay(chunkOf([...good, bad, [Kind.malloc, 5, 8]], 1000)),
      );
      expect(error.name).toBe('StreamError');
      expect(error.message).toMatch(message);
      expect(error.message).toContain('operation 1004');
      expect(error.position).toBe(1004);
      // What was measured before is kept, and the engine is as it was before the bad operation.
      expect(error.snapshots.map(({ phase, position }) => ({ phase, position }))).toEqual([
        { phase: 4, position: 1004 },
      ]);
      const after = await engine.survey(5);
      expect(after.drainprof).toEqual(error.snapshots[0]!.drainprof);
    }),
  );

  test('an empty chunk is no operation at all', () =>
    withEngine(form, async (engine) => {
      expect(await engine.replay(chunkOf([]))).toEqual([]);
    }));

  test('a chunk longer than the lab takes at once keeps its positions', () =>
    withEngine(form, async (engine) => {
      const many: Words[] = Array.from({ length: 150_000 }, (_, i) => [Kind.malloc, i, 8]);
      const error = await rejection<StreamError>(engine.replay(chunkOf([...many, [Kind.free, 150_001]])));
      expect(error.position).toBe(150_000);
    }));
});
