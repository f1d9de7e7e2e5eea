import { type ByteSource, InputError } from '../base/index.js';
import { AofInput } from './aof/aof-input.js';
import { DETECT_BYTES, detect } from './detect.js';
import type { Files } from './files.js';
import type { Input, InputKind } from './input.js';
import { MonitorInput } from './monitor/monitor-input.js';
import { RespInput } from './resp/resp-input.js';

/** Opens the input at a path of `files`. `kind` overrides the detected kind. */
export function openIn(files: Files, path: string, kind?: InputKind): Input {
  const there = files.stat(path);
  if (there === undefined) {
    throw new InputError(`${path}: there is no such file; name a file, or an appendonlydir`);
  }
  if (there.kind === 'directory') return AofInput.ofDirectory(files, path);
  if (there.kind !== 'file') {
    throw new InputError(`${path}: neither a file nor a directory; write its contents to a file first`);
  }
  const detected = kind ?? detectFile(files, path);
  if (detected === 'manifest') return AofInput.ofManifest(files, path);
  if (detected === 'aof' || detected === 'rdb') return AofInput.ofFile(files, path, detected);
  return inputOf(path, files.open(path), detected);
}

/** Returns an input that reads from a source of bytes. `name` is used in messages. */
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

function detectFile(files: Files, path: string): InputKind | 'manifest' {
  const source = files.open(path);
  try {
    const begin = new Uint8Array(DETECT_BYTES);
    const detected = detect(path, begin.subarray(0, source.read(begin)));
    if (detected.kind !== undefined) return detected.kind;
    throw new InputError(`${path}: not an input for Redis: ${detected.found}; ${detected.remedy}`);
  } finally {
    source.close();
  }
}
