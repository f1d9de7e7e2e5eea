import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { isSystemError } from '../output/node.js';
import { readElf } from './elf-file.js';
import { codeAt, type MappedCode } from './memory-map.js';

export interface NamedFrames {
  /** The names of each return address, the innermost inlined function first. */
  readonly names: ReadonlyMap<number, readonly string[]>;
  /** The reasons for missing names. */
  readonly problems: readonly string[];
}

/** A place in a file: the address that its own symbols have. */
interface Place {
  readonly returnAddress: number;
  readonly address: number;
}

/** Returns names for return addresses, from the symbols of the files that they lie in. */
export async function nameFrames(
  addresses: Iterable<number>,
  maps: readonly MappedCode[],
): Promise<NamedFrames> {
  const names = new Map<number, readonly string[]>();
  const places = new Map<string, Place[]>();
  const segments = new Map<string, ReturnType<typeof segmentsOf>>();
  for (const returnAddress of new Set(addresses)) {
    const code = codeAt(maps, returnAddress);
    if (code === undefined) {
      names.set(returnAddress, [`0x${returnAddress.toString(16)}`]);
      continue;
    }
    // A return address may be the first byte of the next line, so the call before it is looked up.
    const offset = returnAddress - 1 - code.start + code.offset;
    names.set(returnAddress, [`${basename(code.path)}+0x${offset.toString(16)}`]);
    if (!segments.has(code.path)) segments.set(code.path, segmentsOf(code.path));
    const segment = segments
      .get(code.path)
      ?.find((one) => offset >= one.offset && offset < one.offset + one.fileBytes);
    if (segment === undefined) continue;
    const place = { returnAddress, address: offset - segment.offset + segment.address };
    const known = places.get(code.path);
    if (known === undefined) places.set(code.path, [place]);
    else known.push(place);
  }
  const problems: string[] = [];
  for (const [path, wanted] of places) {
    const found = await addr2line(path, wanted);
    if (typeof found === 'string') {
      problems.push(found);
      break;
    }
    for (const [index, frames] of found.entries()) {
      const { returnAddress } = wanted[index]!;
      if (frames.length > 0) names.set(returnAddress, frames);
    }
  }
  return { names, problems };
}

function segmentsOf(path: string) {
  try {
    return readElf(path)?.segments;
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/** Asks binutils. Returns the names of each place, or why there are none. */
function addr2line(path: string, places: readonly Place[]): Promise<string[][] | string> {
  return new Promise((resolve) => {
    const tool = spawn('addr2line', ['-a', '-f', '-C', '-i', '-e', path], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const output: Buffer[] = [];
    tool.on('error', ({ message }) =>
      resolve(`call sites have no names: ${message}; install binutils, whose addr2line makes them`),
    );
    tool.stdin.on('error', () => {});
    tool.stdout.on('data', (bytes: Buffer) => output.push(bytes));
    tool.on('close', () =>
      resolve(parsedNames(Buffer.concat(output).toString(), basename(path), places.length)),
    );
    tool.stdin.end(places.map(({ address }) => `0x${address.toString(16)}\n`).join(''));
  });
}

/** Parses what addr2line prints: for each address its number, then pairs of a function and its place. */
function parsedNames(text: string, file: string, count: number): string[][] {
  const all: string[][] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    if (/^0x[0-9a-f]+$/.test(line)) {
      all.push([]);
      at++;
      continue;
    }
    const name = line;
    const place = (lines[at + 1] ?? '').replace(/ \(discriminator \d+\)$/, '');
    at += 2;
    if (name === '' || name === '??') continue;
    const [, path = '', number = ''] = /^(.*):(\d+|\?)$/.exec(place) ?? [];
    const hasLine = path !== '' && path !== '??' && number !== '?' && number !== '0';
    all.at(-1)?.push(hasLine ? `${name} at ${basename(path)}:${number}` : `${name} in ${file}`);
  }
  while (all.length < count) all.push([]);
  return all;
}
