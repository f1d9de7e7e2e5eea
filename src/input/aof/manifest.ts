import { InputError, latin1, latin1Bytes } from '../../base/index.js';
import { InlineSplitter } from '../../resp/index.js';

interface ManifestFile {
  readonly name: string;
  readonly seq: number;
}

/** The files that a server loads: the base, if there is one, then the increments. History files are left out. */
export interface Manifest {
  readonly base: ManifestFile | undefined;
  readonly increments: readonly ManifestFile[];
}

const FORM = 'a line reads `file NAME seq NUMBER type b|h|i`';

/** Parses the manifest of an appendonlydir. `path` is used in messages. */
export function parseManifest(path: string, bytes: Uint8Array): Manifest {
  let base: ManifestFile | undefined;
  const increments: ManifestFile[] = [];
  const lines = latin1(bytes).split('\n');
  const cut = lines.pop();
  lines.forEach((line, index) => {
    const refuse = (found: string, remedy: string) =>
      new InputError(`${path}: line ${index + 1}: ${found}; ${remedy}`);
    if (line.startsWith('#')) return;
    const entry = parseLine(line, refuse);
    const file = { name: entry.name, seq: entry.seq };
    if (entry.type === 'b') {
      if (base !== undefined)
        throw refuse('a second base file', 'keep the one that belongs to the increments');
      base = file;
    } else if (entry.type === 'i') {
      const before = increments.at(-1);
      if (before !== undefined && file.seq <= before.seq) {
        throw refuse(`seq ${file.seq} after seq ${before.seq}`, 'put the increments in ascending order');
      }
      increments.push(file);
    }
  });
  if (cut !== '') {
    throw new InputError(
      `${path}: line ${lines.length + 1}: it does not end with a newline; copy the file again`,
    );
  }
  if (base === undefined && increments.length === 0) {
    throw new InputError(`${path}: it names no base and no increment, so there is nothing to load; ${FORM}`);
  }
  return { base, increments };
}

type Refuse = (found: string, remedy: string) => InputError;

function parseLine(line: string, refuse: Refuse): ManifestFile & { readonly type: string } {
  const splitter = new InlineSplitter();
  const words: string[] = [];
  if (splitter.split(latin1Bytes(line)) !== undefined) throw refuse('quotes that do not match', FORM);
  for (let index = 0; index < splitter.count; index++) {
    const start = splitter.start[index]!;
    const word = splitter.bytes.subarray(start, start + splitter.length[index]!);
    words.push(new TextDecoder().decode(word));
  }
  if (words.length < 6 || words.length % 2 !== 0) throw refuse(JSON.stringify(line.slice(0, 80)), FORM);
  const values = new Map<string, string>();
  for (let index = 0; index < words.length; index += 2) {
    values.set(words[index]!.toLowerCase(), words[index + 1]!);
  }
  const name = values.get('file') ?? '';
  const seq = values.get('seq') ?? '';
  const type = values.get('type') ?? '';
  // A path could name any file of the machine. Servers refuse paths as well.
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw refuse(
      `file ${JSON.stringify(name)}`,
      'it must be the name of a file in the directory of the manifest',
    );
  }
  if (!/^[1-9]\d{0,14}$/.test(seq))
    throw refuse(`seq ${JSON.stringify(seq)}`, 'it must be a number from 1 on');
  if (!/^[bhi]$/.test(type)) throw refuse(`type ${JSON.stringify(type)}`, 'it must be b, h or i');
  return { name, seq: Number(seq), type };
}
