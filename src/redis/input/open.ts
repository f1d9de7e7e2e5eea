import { statSync } from 'node:fs';
import { InputError } from '../../trace/index.js';
import { AofInput } from './aof/input.js';
import { type ByteSource, FileSource } from './byte-source.js';
import { DETECT_BYTES, detect } from './detect.js';
import type { Input, InputKind } from './input.js';
import { MonitorInput } from './monitor/input.js';
import { RespInput } from './resp/input.js';

/** Opens whatever of the known inputs a path is. `kind` says so where a file does not show it. */
export function openInput(path: string, kind?: InputKind): Input {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new InputError(`${path}: there is no such file; name a file, or an appendonlydir`);
  }
  if (stats.isDirectory()) return AofInput.ofDirectory(path);
  if (!stats.isFile()) {
    throw new InputError(`${path}: neither a file nor a directory; write its contents to a file first`);
  }
  const detected = kind ?? detectFile(path);
  if (detected === 'manifest') return AofInput.ofManifest(path);
  return inputOf(path, new FileSource(path), detected);
}

/** An input of bytes that are already there, or come from elsewhere. `name` is for messages. */
export function inputOf(name: string, source: ByteSource, kind: InputKind): Input {
  switch (kind) {
    case 'resp':
      return new RespInput(name, source);
    case 'monitor':
      return new MonitorInput(name, source);
    default:
      return AofInput.ofSource(name, source, kind);
  }
}

function detectFile(path: string): InputKind | 'manifest' {
  const source = new FileSource(path);
  try {
    const begin = new Uint8Array(DETECT_BYTES);
    const detected = detect(path, begin.subarray(0, source.read(begin)));
    if (detected.kind !== undefined) return detected.kind;
    throw new InputError(`${path}: not an input for Redis: ${detected.found}; ${detected.remedy}`);
  } finally {
    source.close();
  }
}
