/** Constants that C and TypeScript both declare: each pair must have the same names and numbers. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXTENT_STATES, HOOK_MODES, REGION_STATES } from '#slablab/src/engine/index.js';
import { Call } from '#slablab/src/engine/native-port.js';
import { Status } from '#slablab/src/engine/port.js';
import { Kind, MAX_HANDLE, MAX_SIZE, MAX_THREADS } from '#slablab/src/stream/index.js';
import * as raw from '#slablab/src/trace/raw-format.js';
import * as lab from '#slablab/wasm/lab.js';

/** Returns the members of the enums of a C file that begin with `prefix`, named as TypeScript names them. */
function enumOf(path: string, prefix: string): Record<string, number> {
  const members: Record<string, number> = {};
  for (const [, body = ''] of sourceOf(path).matchAll(/\benum\s*\{([^}]*)\}/g)) {
    let next = 0;
    for (const [, name = '', value] of body.matchAll(/(\w+)(?:\s*=\s*(\d+))?,/g)) {
      if (value !== undefined) next = Number(value);
      if (name.startsWith(prefix)) members[camelCase(name.slice(prefix.length))] = next;
      next++;
    }
  }
  return members;
}

/** Returns the constants that a C header defines with #define, by name. */
function definesOf(path: string): Record<string, number> {
  const defines = sourceOf(path).matchAll(/^#define (\w+) (\w+)$/gm);
  return Object.fromEntries(
    [...defines].map(([, name = '', value = '']) => [
      name,
      value === 'UINT32_MAX' ? 0xffffffff : Number(value.replace(/u$/, '')),
    ]),
  );
}

function sourceOf(path: string): string {
  const source = readFileSync(new URL(`../../native/${path}`, import.meta.url), 'utf8');
  return source.replaceAll(/\s*\/\*[\s\S]*?\*\//g, '');
}

function camelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function numbered(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name, number) => [name, number]));
}

test('kinds of operation', () => {
  expect(enumOf('lab/operation.h', 'OP_')).toEqual(Kind);
});

test('limits of operations', () => {
  expect(definesOf('lab/operation.h')).toMatchObject({
    OP_MAX_SIZE: MAX_SIZE,
    OP_MAX_HANDLE: MAX_HANDLE,
    OP_MAX_THREADS: MAX_THREADS,
  });
});

test('raw recordings', () => {
  expect(enumOf('recorder/format.h', 'RECORD_')).toEqual(raw.RecordKind);
  expect(enumOf('recorder/format.h', 'STATE_')).toEqual(raw.State);
  expect(definesOf('recorder/format.h')).toMatchObject({
    RECORDING_VERSION: raw.RAW_VERSION,
    RECORDING_BYTE_ORDER: raw.BYTE_ORDER_MARK,
    RECORDING_HEADER_BYTES: raw.STREAM_HEADER_BYTES,
    MAX_FRAMES: raw.MAX_FRAMES,
  });
});

test('results of calls', () => {
  const { regionFree, regionParked, regionLive, ...statuses } = enumOf('lab/lab.h', 'LAB_');
  expect(statuses).toEqual(Status);
  expect({ free: regionFree, parked: regionParked, live: regionLive }).toEqual(numbered(REGION_STATES));
});

test('sizes of buffers', () => {
  const numbers = Object.entries(lab).filter(([, value]) => typeof value === 'number');
  expect(numbers.length).toBeGreaterThan(4);
  expect(definesOf('lab/lab.h')).toMatchObject(Object.fromEntries(numbers));
});

test('calls of the native twin', () => {
  expect(enumOf('lab/main.c', 'CALL_')).toEqual(Call);
});

test('hook placements', () => {
  const { nmodes, ...modes } = enumOf('drainprof/drainprof.h', 'DP_HOOKS_');
  expect(modes).toEqual(numbered(HOOK_MODES));
  expect(nmodes).toBe(HOOK_MODES.length);
});

test('states of unused extents', () => {
  expect(enumOf('jemalloc/inspect.h', 'INSPECT_')).toEqual(numbered(EXTENT_STATES));
});
