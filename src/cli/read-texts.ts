import { createReadStream } from 'node:fs';
import type { NamedText } from '../analysis/index.js';
import { formatBytes, InputError, MIB } from '../base/index.js';
import { withInputError } from './system-errors.js';

const STDIN = '-';
/** A limit far above the tens of KiB of INFO and MEMORY MALLOC-STATS. */
const MAX_TEXT_BYTES = 16 * MIB;

/** The part of process.stdin that is used here. */
interface Input extends AsyncIterable<unknown> {
  readonly isTTY?: boolean;
}

/** Reads the files, or standard input if there are none. Refuses a terminal that is not asked for by `-`. */
export async function readTexts(
  files: readonly string[],
  stdin: Input = process.stdin,
): Promise<NamedText[]> {
  if (files.length === 0 && stdin.isTTY === true) {
    throw new InputError(
      'there is neither a file nor a pipe to read; try `redis-cli INFO memory | slablab explain`, name files, or ' +
        'paste into `slablab explain -`',
    );
  }
  const names = files.length === 0 ? [STDIN] : files;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`${twice}: named twice; name each file once`);
  const texts: NamedText[] = [];
  for (const name of names) texts.push(await readText(name, stdin));
  return texts;
}

async function readText(file: string, stdin: Input): Promise<NamedText> {
  const name = file === STDIN ? 'standard input' : file;
  const text = await withInputError(name, 'name a readable text file', async () => {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of file === STDIN ? stdin : createReadStream(file)) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > MAX_TEXT_BYTES) {
        throw new InputError(
          `${name}: longer than ${formatBytes(MAX_TEXT_BYTES)}; give the output of INFO and MEMORY MALLOC-STATS`,
        );
      }
    }
    return Buffer.concat(chunks).toString('utf8');
  });
  return { name, text };
}
