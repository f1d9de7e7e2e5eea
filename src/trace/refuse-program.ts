import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InputError } from '../base/index.js';
import { isSystemError } from '../output/node.js';
import { type ElfFile, readElf } from './elf-file.js';

/** The beginning of jemalloc's own messages, which is in every file that contains jemalloc. */
const JEMALLOC_MARK = '<jemalloc>';
const FOLLOWED = 'the recorder is preloaded, and follows only calls that the loader can redirect';

/** Returns the path of a program as execvp finds it. Throws an InputError if there is none, or it cannot be recorded. */
export function recordableProgram(name: string, prefix: string): string {
  const path = findProgram(name);
  const { uid, gid, mode } = statSync(path);
  const isSetuid = (mode & 0o4000) !== 0 && uid !== process.geteuid?.();
  const isSetgid = (mode & 0o2000) !== 0 && gid !== process.getegid?.();
  if (isSetuid || isSetgid) {
    throw refusal(
      path,
      `${isSetuid ? 'setuid' : 'setgid'}: the loader ignores preloaded libraries there`,
      'record it as its owner, or a copy without the bit',
    );
  }
  refuseFile(interpreterOf(path) ?? path, prefix);
  return path;
}

function refuseFile(path: string, prefix: string): void {
  const elf = readElf(path);
  if (elf === undefined) {
    throw refusal(path, 'neither an ELF program nor a script', 'name the program that it is for');
  }
  if (!elf.is64Bit || !elf.isLittleEndian) {
    throw refusal(path, 'a program for another word size or byte order', 'build it for this machine');
  }
  if (elf.interpreter === undefined) {
    throw refusal(path, `a static program: ${FOLLOWED}`, 'link it dynamically');
  }
  if (elf.interpreter.includes('ld-musl')) {
    throw refusal(path, 'a program on musl, which cannot load a library for glibc', 'build it for glibc');
  }
  const own = ownAllocator(elf, path, prefix);
  if (own !== undefined) {
    throw refusal(
      path,
      `${own}: ${FOLLOWED}`,
      'link jemalloc as a shared library, or build without it and preload one',
    );
  }
  const wanted = [...elf.undefined].map(prefixOf).find(isPrefix);
  if (wanted !== undefined && prefix === '') {
    throw refusal(
      path,
      `it calls \`${wanted}malloc\`, the functions of a jemalloc with a prefix`,
      `give \`--prefix ${wanted}\``,
    );
  }
}

/** Returns what the program has instead of a library's allocator, or undefined. */
function ownAllocator({ defined }: ElfFile, path: string, prefix: string): string | undefined {
  if (defined.has(`${prefix}malloc`)) return `it defines \`${prefix}malloc\` itself`;
  const name = [...defined].map((symbol) => /^(\w*_)mallctl$/.exec(symbol)?.[1]).find(isPrefix);
  if (name !== undefined) return `jemalloc is part of it, as \`${name}malloc\``;
  return contains(path, JEMALLOC_MARK) ? 'jemalloc is part of it' : undefined;
}

/** Returns the prefix of a function of jemalloc. Others than jemalloc have a `malloc` with a prefix too. */
function prefixOf(name: string): string | undefined {
  return (
    /^(\w*_)(?:mallctl|mallocx|malloc_stats_print)$/.exec(name)?.[1] ??
    /^(je_|_rjem_|jemalloc_)malloc$/.exec(name)?.[1]
  );
}

function isPrefix(name: string | undefined): name is string {
  return name !== undefined && !name.startsWith('__');
}

/** Returns the interpreter of a script, or undefined for other files. */
function interpreterOf(path: string): string | undefined {
  const begin = beginOf(path, 256);
  const interpreter = /^#! *(\S+)/.exec(begin)?.[1];
  if (interpreter !== undefined || begin.startsWith('\x7fELF')) return interpreter;
  // A shell runs a file of text without a first line for it.
  return /^[\t\n\r -~]+$/.test(begin) ? '/bin/sh' : undefined;
}

function beginOf(path: string, length: number): string {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString('latin1', 0, readSync(fd, bytes, 0, length, 0));
  } finally {
    closeSync(fd);
  }
}

const PIECE_BYTES = 1 << 20;

function contains(path: string, text: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(PIECE_BYTES + text.length);
    for (let at = 0; ; at += PIECE_BYTES) {
      const count = readSync(fd, bytes, 0, bytes.length, at);
      if (bytes.subarray(0, count).includes(text)) return true;
      if (count < bytes.length) return false;
    }
  } finally {
    closeSync(fd);
  }
}

function findProgram(name: string): string {
  const isPath = name.includes('/');
  const candidates = isPath
    ? [name]
    : (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory || '.', name));
  let refused: string | undefined;
  for (const path of candidates) {
    try {
      if (statSync(path).isDirectory()) continue;
      accessSync(path, constants.X_OK);
      return path;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code === 'EACCES') refused = path;
    }
  }
  if (refused !== undefined)
    throw refusal(refused, 'it may not be executed', `\`chmod +x ${refused}\` if it is a program`);
  throw refusal(
    name,
    `there is no such program${isPath ? '' : ' in PATH'}`,
    'name it as a shell would, after `--`',
  );
}

function refusal(path: string, found: string, remedy: string): InputError {
  return new InputError(`${path} cannot be recorded: ${found}; ${remedy}`);
}
